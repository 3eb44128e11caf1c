package io.reelbatch.domain.provider;

import java.time.Duration;
import java.util.Optional;

/** The result of fetching an output. Only {@link Done} means that the bytes may be kept. */
public sealed interface Download {

    /**
     * All of it is here.
     *
     * @param bytes length, equal to what the server declared if it did
     * @param sha256 of the bytes as served, lower-case hex
     * @param kind what the bytes say they are
     * @param declaredType what the server says they are, if it does
     */
    record Done(long bytes, String sha256, OutputKind kind, Optional<String> declaredType) implements Download {}

    /** It came whole, and is no image, video or sound: a page or a message in its place. */
    record NotMedia(String message) implements Download {}

    /** The server no longer gives it out: ask the provider for a fresh URL. */
    record Expired(String message) implements Download {}

    /** The transfer broke off: fetch it again. */
    record Cut(String message) implements Download {}

    /** Longer than the limit. */
    record TooLarge(String message) implements Download {}

    /** Never fetched, whatever happens: no usable URL, not https, or an address inside a network. */
    record Forbidden(String message) implements Download {}

    /**
     * The server or the way to it has trouble: fetch it again later.
     *
     * @param retryAfter how long the server asks to wait, if it says so
     */
    record Unavailable(String message, Optional<Duration> retryAfter) implements Download {}
}
