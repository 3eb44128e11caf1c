package io.reelbatch.domain.provider;

import java.util.Optional;

/** Where the API key comes from: asked before each request, so that a key can be replaced while a batch runs. */
@FunctionalInterface
public interface KeySource {
    /** The key to use now. */
    ApiKey get();

    /**
     * A key that was put in the place of one which the provider has refused; empty if there is none but that one.
     *
     * @param refused the key of a request that was answered with 401
     */
    default Optional<ApiKey> insteadOf(ApiKey refused) {
        return Optional.empty();
    }

    /** What tells accounts apart for those who share a store. Never shown: only its digest is kept. */
    default String account() {
        return get().reveal();
    }
}
