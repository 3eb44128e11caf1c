package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.job.NotifySettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code notify}. Nothing that it says quotes the address's path or a secret. */
final class NotifyReader {
    private static final Pattern NAME = Pattern.compile("env:[A-Za-z_][A-Za-z0-9_]*|[A-Za-z0-9/_+=.@:-]{1,512}");
    /** Base64 of at least 24 bytes, as secrets are handed out: no name has upper case, lower case and digits in one run. */
    private static final Pattern LITERAL = Pattern.compile(
            "whsec_.*|(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])[A-Za-z0-9+/]{32,}={0,2}", Pattern.DOTALL);

    private static final Pattern LOCAL =
            Pattern.compile("https?://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])([:/?#]|$)", Pattern.CASE_INSENSITIVE);

    private NotifyReader() {}

    /** What a schema cannot tell. */
    static List<ConfigProblem> problems(Source source, boolean localReceivers) {
        JsonNode notify = source.root().path("notify");
        List<ConfigProblem> problems = new ArrayList<>();
        if (notify.path("webhook").isTextual()
                && !isAddress(notify.path("webhook").textValue())) {
            String message = "must be an https:// address with a host and without a user name";
            problems.add(Places.problem(source, List.of("notify", "webhook"), message));
        } else if (!localReceivers
                && LOCAL.matcher(notify.path("webhook").asText()).lookingAt()) {
            String message = "is an address of this machine, which is called only where REELBATCH_LOCAL_WEBHOOKS=allow"
                    + " is set, for trying; set that, or give an https:// address on the public internet";
            problems.add(Places.problem(source, List.of("notify", "webhook"), message));
        }
        String secret = notify.path("secret").asText();
        if (LITERAL.matcher(secret).matches()
                || (!secret.isEmpty() && !NAME.matcher(secret).matches())) {
            String message =
                    "must be the name of a secret, and looks like a secret itself: keep that in the environment"
                            + " and write env:WEBHOOK_SECRET, or in Secrets Manager and write its name";
            problems.add(Places.problem(source, List.of("notify", "secret"), message));
        }
        return problems;
    }

    private static boolean isAddress(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null && uri.getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** What a checked config says. */
    static NotifySettings settings(JsonNode notify) {
        List<String> on = new ArrayList<>();
        notify.path("on").forEach(event -> on.add(event.asText()));
        return new NotifySettings(
                notify.path("webhook").asText(),
                on.contains("job"),
                on.isEmpty() || on.contains("batch"),
                Optional.ofNullable(notify.path("secret").textValue()));
    }
}
