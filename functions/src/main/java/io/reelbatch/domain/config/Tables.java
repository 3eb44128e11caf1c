package io.reelbatch.domain.config;

import java.util.Arrays;

/** Finds the tables that configs make jobs from. */
public interface Tables {
    /** For configs that come without a folder or bucket in which to look. */
    Tables NONE = reference -> new Found.Unusable("cannot be read: this config came without any other file");

    /**
     * Fetches one.
     *
     * @param reference as the config has it: a path, an object
     */
    Found table(String reference);

    /** The result of looking up a table. */
    sealed interface Found {
        /** A readable file that may or may not be a table. */
        final class Table implements Found {
            private final String name;
            private final byte[] content;

            /**
             * A table as it was found.
             *
             * @param name what to call it in messages
             * @param content its bytes; of one over {@link ConfigReader#MAX_BYTES} at least one more than that
             */
            public Table(String name, byte[] content) {
                this.name = name;
                this.content = Arrays.copyOf(content, content.length);
            }

            String name() {
                return name;
            }

            byte[] content() {
                return content;
            }
        }

        /** Nothing that could be a table. */
        record Unusable(String why) implements Found {}
    }
}
