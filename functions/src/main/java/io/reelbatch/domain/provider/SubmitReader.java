package io.reelbatch.domain.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** Interprets the answer to a submit. */
public final class SubmitReader {
    private final URI base;
    private final Secrets secrets;

    /**
     * @param base the provider's base URL: a poll URL counts only on the same host
     * @param secrets what must not get into a message, should the server echo it
     */
    public SubmitReader(URI base, Secrets secrets) {
        this.base = base;
        this.secrets = secrets;
    }

    /** What the answer means: accepted, throttled, refused, or unknown. */
    public SubmitAnswer read(Reply reply) {
        if (reply.status() == 429) {
            return throttled(reply);
        }
        Optional<SubmitAnswer> accepted = reply.json().flatMap(root -> accepted(reply, root));
        return accepted.orElseGet(() -> notAccepted(reply));
    }

    private Optional<SubmitAnswer> accepted(Reply reply, JsonNode root) {
        Optional<String> id = Optional.empty();
        List<String> outputs = List.of();
        if (reply.isSuccess()) {
            id = Shapes.id(root).or(() -> looksLikeError(root) ? Optional.empty() : Shapes.requestId(root));
            boolean done =
                    Shapes.status(Shapes.content(root)).map(Words::isSuccess).orElse(true);
            outputs = done ? Shapes.outputs(root) : List.of();
        } else if (reply.status() == 504) {
            id = Shapes.id(root);
        }
        if (id.isEmpty() && outputs.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SubmitAnswer.Accepted(id, pollUrl(root), outputs, Shapes.price(root)));
    }

    private SubmitAnswer notAccepted(Reply reply) {
        JsonNode root = reply.json().map(JsonNode.class::cast).orElseGet(MissingNode::getInstance);
        Optional<Integer> envelope = reply.isSuccess() ? Shapes.envelopeError(root) : Optional.empty();
        int status = envelope.orElse(reply.status());
        ErrorRule rule = rule(reply, root, status);
        if (rule == ErrorRule.RATE_LIMITED) {
            return throttled(reply);
        }
        return rule.kind()
                .<SubmitAnswer>map(kind -> new SubmitAnswer.Refused(Errors.of(status, kind, reply, secrets)))
                .orElseGet(() -> new SubmitAnswer.Lost(
                        "the answer does not say whether it was accepted: " + Errors.describe(reply, secrets)));
    }

    private static ErrorRule rule(Reply reply, JsonNode root, int status) {
        boolean ownJson = Shapes.isOwnError(root);
        boolean error = status >= 400;
        if (error && ownJson && Shapes.isModerated(root)) {
            return ErrorRule.MODERATED;
        }
        if (status >= 500 && !reply.isSuccess() && Shapes.id(root).isPresent()) {
            return ErrorRule.LOST_ANSWER;
        }
        return ErrorRule.ofSubmit(status, ownJson);
    }

    private SubmitAnswer throttled(Reply reply) {
        return new SubmitAnswer.Throttled(reply.retryAfter(), Errors.describe(reply, secrets));
    }

    /** On a 2xx answer: whether the body nevertheless reports an error, so that its request_id is a trace id. */
    private static boolean looksLikeError(JsonNode root) {
        JsonNode error = root.path("error");
        return Shapes.envelopeError(root).isPresent()
                || (error.isObject() && !error.isEmpty())
                || (error.isTextual() && !error.textValue().isBlank());
    }

    private Optional<URI> pollUrl(JsonNode root) {
        JsonNode get = Shapes.content(root).path("urls").path("get");
        if (!get.isTextual()) {
            return Optional.empty();
        }
        try {
            return Optional.of(base.resolve(new URI(get.textValue().strip()))).filter(url -> SameHost.is(base, url));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
