package io.reelbatch.domain.planning;

import io.reelbatch.domain.config.Tables;

/** Looks at the input images that a config names. Asked once for each distinct reference. */
@FunctionalInterface
public interface InputFinder extends Tables {
    /** Takes every reference for an address and looks at none. */
    InputFinder AS_WRITTEN = Found.Address::new;

    /**
     * Looks at one.
     *
     * @param reference as the config has it: a path, an address, an object
     */
    Found find(String reference);

    /** Fetches the table that the config makes jobs from; unless overridden, there is none to be had. */
    @Override
    default Tables.Found table(String reference) {
        return NONE.table(reference);
    }

    /** What a reference leads to. */
    sealed interface Found {
        /** The provider fetches it by itself. */
        record Address(String url) implements Found {}

        /**
         * A file that the provider is handed before the first job that needs it.
         *
         * @param key of the object that holds it
         * @param sha256 of its bytes, lower-case hex
         * @param bytes its length
         */
        record File(String key, String sha256, String contentType, long bytes) implements Found {}

        /** Nothing that could be an input. */
        record Unusable(String why) implements Found {}
    }
}
