package io.reelbatch.domain.config;

import java.util.Optional;

/** An input image as a config names it. */
public sealed interface InputRef {
    /**
     * Something that is there before the batch.
     *
     * @param text a path, an address, an object
     */
    record Given(String text) implements InputRef {}

    /**
     * What another job of the batch makes.
     *
     * @param job its position in the config, from 0
     * @param take which of its variations, from 1, where one is named
     */
    record Output(int job, Optional<Integer> take) implements InputRef {}
}
