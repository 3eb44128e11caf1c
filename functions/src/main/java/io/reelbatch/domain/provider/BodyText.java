package io.reelbatch.domain.provider;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what a server wrote into a short line for people. */
final class BodyText {
    /** Longest text taken over from a server, in characters. */
    static final int LONGEST = 500;

    private static final int LOOKED_AT = 4096;
    private static final Pattern TITLE = Pattern.compile("(?is)<title[^>]*>(.*?)</title>");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}]+");

    private BodyText() {}

    /** What a body that is not the provider's JSON is. */
    static String describe(byte[] body) {
        String start = new String(body, 0, Math.min(body.length, LOOKED_AT), StandardCharsets.UTF_8);
        if (start.isBlank()) {
            return "an empty body";
        }
        if (isHtml(start)) {
            return describeHtml(start);
        }
        if (start.stripLeading().startsWith("{")) {
            return "malformed JSON";
        }
        String line = line(start);
        return "no JSON object but \"" + (line.length() > 80 ? line.substring(0, 80) + "..." : line) + "\"";
    }

    /** One line of bounded length; an HTML page becomes its title. */
    static String line(String text) {
        if (isHtml(text)) {
            return describeHtml(text);
        }
        String start = text.length() > 2 * LONGEST ? text.substring(0, 2 * LONGEST) : text;
        String line = BLANKS.matcher(start).replaceAll(" ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

    private static boolean isHtml(String text) {
        String start = text.stripLeading();
        start = start.substring(0, Math.min(start.length(), 200)).toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html")
                || start.startsWith("<html")
                || start.startsWith("<head")
                || start.startsWith("<body");
    }

    private static String describeHtml(String text) {
        Matcher title = TITLE.matcher(text.substring(0, Math.min(text.length(), LOOKED_AT)));
        if (title.find()) {
            String words = BLANKS.matcher(title.group(1)).replaceAll(" ").strip();
            if (!words.isEmpty()) {
                return "an HTML page titled \"" + words.substring(0, Math.min(words.length(), 80)) + "\"";
            }
        }
        return "an HTML page";
    }
}
