package io.reelbatch.adapters.provider;

import io.reelbatch.domain.provider.Reply;

/** How far one request came. */
sealed interface Exchange {
    /** What went wrong, in one line; empty if an answer came. */
    String message();

    /** An answer came, whatever it says. */
    record Answered(Reply reply) implements Exchange {
        @Override
        public String message() {
            return "";
        }
    }

    /** No connection came about: not a byte of the request left. */
    record NotSent(String message) implements Exchange {}

    /** Something was sent, but no complete answer came back. */
    record Broken(String message) implements Exchange {}
}
