package io.reelbatch.engine.jsonata;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An error of the language: a code and what its message mentions. */
final class JsonataException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Pattern RAW = Pattern.compile("\\{\\{\\{([^}]+)}}}");
    private static final Pattern QUOTED = Pattern.compile("\\{\\{([^}]+)}}");

    private final @Nullable String code;
    private final transient Map<String, @Nullable Object> inserts = new HashMap<>();

    private JsonataException(@Nullable String code, @Nullable String text) {
        super(text, null, false, false);
        this.code = code;
    }

    /** An error of the catalogue. */
    static JsonataException of(String code) {
        return new JsonataException(code, null);
    }

    /** An error without a code, such as a limit that was reached. */
    static JsonataException plain(String text) {
        return new JsonataException(null, text);
    }

    JsonataException with(String insert, @Nullable Object value) {
        inserts.put(insert, value);
        return this;
    }

    JsonataException value(@Nullable Object value) {
        return with("value", value);
    }

    JsonataException token(@Nullable Object token) {
        return with("token", token);
    }

    boolean hasToken() {
        return inserts.get("token") != null;
    }

    @Nullable
    String code() {
        return code;
    }

    @Override
    public String getMessage() {
        if (code == null) {
            return String.valueOf(super.getMessage());
        }
        String template = Messages.TEMPLATES.getOrDefault(code, code);
        String raw = RAW.matcher(template).replaceAll(match -> quoteReplacement(inserts.get(match.group(1)), false));
        return QUOTED.matcher(raw).replaceAll(match -> quoteReplacement(inserts.get(match.group(1)), true));
    }

    private static String quoteReplacement(@Nullable Object value, boolean json) {
        return Matcher.quoteReplacement(json ? Text.json(value) : String.valueOf(value));
    }
}
