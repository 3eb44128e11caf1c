package io.reelbatch.adapters.provider;

public sealed interface Download {
    record Done(long bytes, String sha256) implements Download {}

    record Expired(String message) implements Download {}

    record Cut(String message) implements Download {}

    record TooLarge(String message) implements Download {}

    record Forbidden(String message) implements Download {}

    record Unavailable(String message) implements Download {}
}
