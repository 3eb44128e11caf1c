package io.reelbatch.domain.provider;

import io.reelbatch.domain.provider.ProviderError.Kind;
import java.util.Optional;

/**
 * The single table of what each answer to a submit means for the money, and what to do next. {@code docs/errors.md}
 * shows the same table.
 */
public enum ErrorRule {
    /** 400 and its kin. */
    BAD_PARAMETERS(
            "400, 422, other 4xx",
            "bad parameters",
            Kind.BAD_REQUEST,
            "correct the parameter that the message names; `reelbatch validate` knows the limits of the listed models"),
    /** Error code 1039. */
    MODERATED("`error_code` 1039", "refused by moderation", Kind.MODERATED, "change the prompt or the input image"),
    /** 401. */
    BAD_KEY(
            "401",
            "bad key, or a wrong path",
            Kind.UNAUTHORIZED,
            "check `ATLASCLOUD_API_KEY` and `ATLASCLOUD_BASE_URL`, then `reelbatch retry`"),
    /** 402. */
    NO_BALANCE("402", "out of balance", Kind.OUT_OF_BALANCE, "top up the account, then `reelbatch retry`"),
    /** 403. */
    NOT_ALLOWED(
            "403",
            "not allowed, or blocked at the provider's edge",
            Kind.FORBIDDEN,
            "check that the account may use the model"),
    /** 404. */
    NO_SUCH_MODEL(
            "404",
            "no such model",
            Kind.NOT_FOUND,
            "check the model id against the provider's list, and `ATLASCLOUD_BASE_URL`"),
    /** 413. */
    BODY_TOO_LARGE(
            "413", "body over 50 MB", Kind.TOO_LARGE, "give input images by URL or file, not inline, or smaller"),
    /** 451. */
    REGION_BLOCKED("451", "not offered in this region", Kind.REGION, "use another model, or another region"),
    /** 301, 307, 308. */
    REDIRECTED(
            "301, 307, 308",
            "the address has moved; a submit is never sent on",
            Kind.MISDIRECTED,
            "set `ATLASCLOUD_BASE_URL` to the address it redirects to, if you trust it"),
    /** 429. */
    RATE_LIMITED(
            "429, whatever the body",
            "rate limit of the account or the model",
            Accepted.NO,
            Resend.WHEN_PACED,
            Optional.empty(),
            "nothing; raise `max_queue_wait` if jobs fail with `queue_expired`"),
    /** 500 or 503 in the provider's own JSON. */
    SERVER_ERROR(
            "500, 503 with the provider's JSON",
            "the provider answered that it could not",
            Accepted.NO,
            Resend.TWICE,
            Optional.of(Kind.SERVER_ERROR),
            "`reelbatch retry` later"),
    /** The connection was never established. */
    NO_CONNECTION(
            "no connection: DNS, refused, connect time-out, TLS",
            "nothing was sent",
            Accepted.NO,
            Resend.WHEN_PACED,
            Optional.empty(),
            "check the network and `ATLASCLOUD_BASE_URL`"),
    /** 504 with a prediction id. */
    SYNC_LIMIT(
            "504 with a prediction id",
            "accepted; only the wait for it ran out",
            Accepted.YES,
            Resend.NEVER,
            Optional.empty(),
            "nothing; the job is polled"),
    /** Everything that leaves it open. */
    LOST_ANSWER(
            "no answer, time-out after sending, 408, 499, 502, 504 without an id, other 5xx, 500 and 503 that are not in the"
                    + " provider's JSON or name a prediction, 302, 303, 2xx without an id",
            "sent, answer lost",
            Accepted.UNKNOWN,
            Resend.AS_CONFIGURED,
            Optional.empty(),
            "look at the provider's console for a prediction that no job names");

    /** Whether the provider accepted the request. */
    public enum Accepted {
        /** It did: the price is reserved there. */
        YES("yes", "reserved until the generation ends"),
        /** It certainly did not. */
        NO("no", "nothing charged"),
        /** Nobody here knows. */
        UNKNOWN("unknown", "at risk, and counted so");

        private final String word;
        private final String money;

        Accepted(String word, String money) {
            this.word = word;
            this.money = money;
        }

        /** The word in {@code docs/errors.md}. */
        public String word() {
            return word;
        }

        /** What happened to the job's price. */
        public String money() {
            return money;
        }
    }

    /** Whether the same request is sent once more. */
    public enum Resend {
        /** It would be refused again, or it was accepted. */
        NEVER("no"),
        /** Slower, and for as long as the job's {@code max_queue_wait} allows. */
        WHEN_PACED("yes, slower, for up to `max_queue_wait`"),
        /** Two more times, with backoff. */
        TWICE("twice, with backoff"),
        /** As the config's {@code on_unknown_submit} says. */
        AS_CONFIGURED("`on_unknown_submit`: once (`resubmit`, the default) or not at all (`fail`)");

        private final String text;

        Resend(String text) {
            this.text = text;
        }

        /** The words in {@code docs/errors.md}. */
        public String text() {
            return text;
        }
    }

    private final String answer;
    private final String meaning;
    private final Accepted accepted;
    private final Resend resend;
    private final Optional<Kind> kind;
    private final String whatToDo;

    ErrorRule(String answer, String meaning, Kind kind, String whatToDo) {
        this(answer, meaning, Accepted.NO, Resend.NEVER, Optional.of(kind), whatToDo);
    }

    ErrorRule(String answer, String meaning, Accepted accepted, Resend resend, Optional<Kind> kind, String whatToDo) {
        this.answer = answer;
        this.meaning = meaning;
        this.accepted = accepted;
        this.resend = resend;
        this.kind = kind;
        this.whatToDo = whatToDo;
    }

    /**
     * The rule for an answer to a submit that names no prediction.
     *
     * @param status HTTP status, or the envelope's code where HTTP itself said 2xx
     * @param ownJson whether the body is one of the provider's own errors, not an edge's page
     */
    static ErrorRule ofSubmit(int status, boolean ownJson) {
        return switch (status) {
            case 301, 307, 308 -> REDIRECTED;
            case 401 -> BAD_KEY;
            case 402 -> NO_BALANCE;
            case 403 -> NOT_ALLOWED;
            case 404 -> NO_SUCH_MODEL;
            case 413 -> BODY_TOO_LARGE;
            case 429 -> RATE_LIMITED;
            case 451 -> REGION_BLOCKED;
            case 408, 499 -> LOST_ANSWER;
            case 500, 503 -> ownJson ? SERVER_ERROR : LOST_ANSWER;
            default -> status >= 400 && status < 500 ? BAD_PARAMETERS : LOST_ANSWER;
        };
    }

    /** The answers that it covers. */
    public String answer() {
        return answer;
    }

    /** What they mean. */
    public String meaning() {
        return meaning;
    }

    /** Whether the provider accepted the request, and so what happened to the job's price. */
    public Accepted accepted() {
        return accepted;
    }

    /** Whether the same request is sent once more. */
    public Resend resend() {
        return resend;
    }

    /** What kind of refusal it is, if it is one. */
    public Optional<Kind> kind() {
        return kind;
    }

    /** What the user can do about it. */
    public String whatToDo() {
        return whatToDo;
    }
}
