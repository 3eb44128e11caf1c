package io.reelbatch.cli.stack;

import io.reelbatch.adapters.aws.Advice;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** What a command asked of a stack cannot be done; the message is one sentence for people, with what to do. */
public final class StackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean usage;

    private StackException(String message, boolean usage, @Nullable Throwable cause) {
        super(message, cause);
        this.usage = usage;
    }

    /** The user named something that is not there, or that does not go together. */
    public static StackException usage(String message) {
        return new StackException(message, true, null);
    }

    /** AWS, or the way there, did not do its part. */
    public static StackException failed(String message, Throwable cause) {
        return new StackException(message, false, cause);
    }

    /**
     * A call of the SDK failed.
     *
     * @param what was to be done, such as {@code read the stack's names}
     */
    static StackException of(String what, SdkException failure) {
        return new StackException("cannot " + what + ": " + Advice.on(failure), Advice.isSetup(failure), failure);
    }

    /** Whether other arguments or settings would help; else it is trouble with AWS. */
    public boolean isUsage() {
        return usage;
    }
}
