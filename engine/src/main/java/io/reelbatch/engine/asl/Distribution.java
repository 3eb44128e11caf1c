package io.reelbatch.engine.asl;

import java.util.List;
import java.util.Optional;

/** What a Map has beyond an inline one when each of its items is a child execution. */
public record Distribution(
        Optional<Reader> reader,
        Optional<Batcher> batcher,
        Optional<Template> toleratedCount,
        Optional<Template> toleratedPercentage,
        Optional<Writer> writer,
        Optional<String> label) {

    /** What an object holds. */
    public enum InputType {
        /** One array. */
        JSON,
        /** One item a line. */
        JSONL,
        /** One item a row. */
        CSV,
        /** The listing itself: each object is an item. */
        LISTING
    }

    /**
     * Where the items come from.
     *
     * @param arguments Bucket and Key, or Bucket and Prefix
     * @param headers the names of a CSV file's columns; its first row, if empty
     * @param pointer where in a JSON document the array is
     */
    public record Reader(
            Template arguments,
            InputType inputType,
            Optional<List<String>> headers,
            char delimiter,
            Optional<Template> maxItems,
            Optional<String> pointer) {}

    /** How items are put together. */
    public record Batcher(Optional<Template> batchInput, Optional<Template> maxItems, Optional<Template> maxBytes) {}

    /**
     * Where the results go.
     *
     * @param arguments Bucket and Prefix; empty, if the results are only formatted
     */
    public record Writer(Optional<Template> arguments, Transformation transformation, OutputType outputType) {}

    /** What of a child execution is written. */
    public enum Transformation {
        /** Its output with its metadata. */
        NONE,
        /** Its output. */
        COMPACT,
        /** Its output; one level of arrays is taken apart. */
        FLATTEN
    }

    /** The format of the result files. */
    public enum OutputType {
        /** One array. */
        JSON,
        /** One result a line. */
        JSONL
    }
}
