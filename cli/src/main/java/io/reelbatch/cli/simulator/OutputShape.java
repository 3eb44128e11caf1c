package io.reelbatch.cli.simulator;

/** Where and how an {@link ApiShape#ATLAS} answer carries its outputs: every way that has been seen. */
public enum OutputShape {
    /** {@code "outputs": ["https://.."]}, the usual one. */
    ARRAY,
    /** {@code "outputs": "https://.."}. */
    STRING,
    /** {@code "outputs": [{"url": "https://.."}]}. */
    OBJECTS,
    /** {@code "outputs": ["data:image/png;base64,.."]}: the file itself. */
    DATA_URI,
    /** {@code "output": "https://.."}. */
    OUTPUT_STRING,
    /** {@code "output": ["https://.."]}. */
    OUTPUT_ARRAY,
    /** {@code "output": {"image_url": "https://.."}}, or {@code video_url}, or {@code audio_url}. */
    OUTPUT_NAMED,
    /** {@code "files": [{"url": "https://.."}]}. */
    FILES
}
