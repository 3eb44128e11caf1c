package io.reelbatch.domain.provider;

import io.reelbatch.domain.job.Reason;
import java.util.Optional;

/**
 * A refusal in the provider's own words.
 *
 * @param status HTTP status, or the {@code code} of the answer's envelope where HTTP itself said 200
 * @param message the provider's text, shortened, never with a secret or HTML in it
 * @param code the provider's own error code or type, if it gives one
 * @param requestId names the request in the provider's logs, for its support; never a prediction id
 */
public record ProviderError(int status, Kind kind, String message, Optional<String> code, Optional<String> requestId) {

    /** What a refusal means for the job and for the batch. */
    public enum Kind {
        /** Bad parameters: the same request is refused again. */
        BAD_REQUEST(Reason.REFUSED),
        /** The provider's moderation refused the prompt before generating. */
        MODERATED(Reason.MODERATED),
        /** A bad key, or a wrong path: nothing else would work either. */
        UNAUTHORIZED(Reason.ACCOUNT_REFUSED),
        /** The account's balance does not cover it: nothing else is accepted until it is topped up. */
        OUT_OF_BALANCE(Reason.OUT_OF_BALANCE),
        /** The account may not use this model. */
        FORBIDDEN(Reason.REFUSED),
        /** No such model or path. */
        NOT_FOUND(Reason.REFUSED),
        /** The request's body is larger than the provider takes. */
        TOO_LARGE(Reason.REFUSED),
        /** The model is not offered where the request came from. */
        REGION(Reason.REFUSED),
        /** The address answers with a redirect: the base URL is wrong. */
        MISDIRECTED(Reason.REFUSED),
        /** The provider answered that it could not: worth another try. */
        SERVER_ERROR(Reason.PROVIDER_ERROR);

        private final Reason reason;

        Kind(Reason reason) {
            this.reason = reason;
        }

        /** Why the job fails if nothing helps. */
        public Reason reason() {
            return reason;
        }

        /** Whether the same request may be accepted a little later. */
        public boolean retryable() {
            return this == SERVER_ERROR;
        }

        /** Whether every other submit of the batch would be refused too. */
        public boolean stopsBatch() {
            return reason == Reason.ACCOUNT_REFUSED || reason == Reason.OUT_OF_BALANCE;
        }
    }

    /** One sentence for people. */
    public String describe() {
        return "the provider refused it (" + status + code.map(c -> ", " + c).orElse("") + "): " + message
                + requestId.map(id -> " [request " + id + "]").orElse("");
    }

    /** The same, with what to do where the whole batch depends on it. */
    public String advise() {
        return switch (kind) {
            case UNAUTHORIZED ->
                "The provider refused the API key (" + status + "): " + message
                        + ". Check ATLASCLOUD_API_KEY and ATLASCLOUD_BASE_URL.";
            case OUT_OF_BALANCE ->
                "The account's balance does not cover more jobs (" + status + "): " + message
                        + ". Top it up, then retry.";
            default -> describe();
        };
    }
}
