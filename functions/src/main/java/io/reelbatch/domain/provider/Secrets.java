package io.reelbatch.domain.provider;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Keeps keys out of text that people and logs see. Immutable. */
public final class Secrets {
    /** What stands where a secret was. */
    public static final String MASK = "***";

    private static final Pattern BEARER = Pattern.compile("(?i)(bearer\\s+)[A-Za-z0-9._~+/=-]{4,}");

    /** Knows no key; still masks whatever follows the word Bearer. */
    public static final Secrets NONE = new Secrets(List.of());

    private final List<String> forms;

    private Secrets(List<String> forms) {
        this.forms = forms;
    }

    /** Masks these keys, as they are and URL-encoded. */
    public static Secrets of(ApiKey... keys) {
        Set<String> forms = new LinkedHashSet<>();
        for (ApiKey key : keys) {
            forms.add(key.reveal());
            forms.add(URLEncoder.encode(key.reveal(), StandardCharsets.UTF_8));
        }
        return new Secrets(List.copyOf(forms));
    }

    /** The text with every known key, and every bearer token, replaced by {@link #MASK}. */
    public String mask(String text) {
        String masked = text;
        for (String form : forms) {
            masked = masked.replace(form, MASK);
        }
        return BEARER.matcher(masked).replaceAll("$1" + MASK);
    }

    @Override
    public String toString() {
        return "Secrets[" + forms.size() + " forms]";
    }
}
