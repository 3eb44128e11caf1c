package io.reelbatch.domain.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.provider.ProviderError.Kind;
import java.util.List;
import java.util.Optional;

/** Interprets the answer to a poll. An answer that says nothing clear about the prediction means: poll again. */
public final class PollReader {
    private final Secrets secrets;

    /** @param secrets what must not get into a message, should the server echo it */
    public PollReader(Secrets secrets) {
        this.secrets = secrets;
    }

    /** What the answer means for the prediction. */
    public PollAnswer read(Reply reply) {
        return reply.json().flatMap(root -> byStatus(reply, root)).orElseGet(() -> byCode(reply));
    }

    /** The prediction's own status goes before every code: a failed one has been seen inside an envelope with code 500. */
    private Optional<PollAnswer> byStatus(Reply reply, JsonNode root) {
        Optional<String> status = status(reply, root);
        List<String> outputs = reply.isSuccess() ? Shapes.outputs(root) : List.of();
        if (status.isEmpty()) {
            return outputs.isEmpty() || Shapes.envelopeError(root).isPresent()
                    ? Optional.empty()
                    : Optional.of(generated(root, outputs));
        }
        String word = status.get();
        if (Words.isFailure(word)) {
            return Optional.of(failed(root, word));
        }
        if (Words.isSuccess(word)) {
            return Optional.of(
                    outputs.isEmpty() ? new PollAnswer.Pending(word + ", no outputs yet") : generated(root, outputs));
        }
        return reply.isSuccess() ? Optional.of(new PollAnswer.Pending(Errors.clean(word, secrets))) : Optional.empty();
    }

    private static Optional<String> status(Reply reply, JsonNode root) {
        if (root.path("data").isObject()) {
            return Shapes.status(root.path("data"));
        }
        boolean errorReported = !reply.isSuccess() || Shapes.envelopeError(root).isPresent();
        return Shapes.status(root)
                .filter(word -> !errorReported || (Words.isFailure(word) && !Words.isAmbiguous(word)));
    }

    private static PollAnswer generated(JsonNode root, List<String> outputs) {
        return new PollAnswer.Generated(outputs, Shapes.price(root), Shapes.generationTime(root));
    }

    private PollAnswer failed(JsonNode root, String word) {
        boolean moderated = Shapes.isModerated(root);
        String message = Shapes.message(root)
                .map(text -> Errors.clean(text, secrets))
                .orElse("the provider gives no reason, its status is \"" + word + "\"");
        return new PollAnswer.GenerationFailed(message, moderated || word.equals("rejected"), moderated);
    }

    private PollAnswer byCode(Reply reply) {
        int status =
                reply.isSuccess() ? reply.json().flatMap(Shapes::envelopeError).orElse(reply.status()) : reply.status();
        boolean ownJson = reply.json().isPresent();
        return switch (status) {
            case 400, 404, 410 -> new PollAnswer.NotVisible(Errors.describe(reply, secrets));
            case 401 -> refused(status, Kind.UNAUTHORIZED, reply);
            case 402 -> refused(status, Kind.OUT_OF_BALANCE, reply);
            case 403 -> ownJson ? refused(status, Kind.FORBIDDEN, reply) : unavailable(reply);
            case 451 -> ownJson ? refused(status, Kind.REGION, reply) : unavailable(reply);
            default -> unavailable(reply);
        };
    }

    private PollAnswer refused(int status, Kind kind, Reply reply) {
        return new PollAnswer.Refused(Errors.of(status, kind, reply, secrets));
    }

    private PollAnswer unavailable(Reply reply) {
        return new PollAnswer.Unavailable(Errors.describe(reply, secrets), reply.retryAfter());
    }
}
