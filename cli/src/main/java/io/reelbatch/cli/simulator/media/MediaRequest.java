package io.reelbatch.cli.simulator.media;

import java.time.Duration;

/**
 * What to draw. Equal requests give equal files.
 *
 * @param prompt shown on pictures and clips, wrapped and cut where it is long
 * @param model shown in small below it
 * @param seed shown beside the model
 * @param look picks colours, background and shapes
 * @param width in pixels, as asked for: the file has the same ratio, but at most its kind's size
 * @param height in pixels, as asked for
 * @param duration of a clip or a sound; no matter for a picture
 */
public record MediaRequest(
        MediaKind kind, String prompt, String model, long seed, long look, int width, int height, Duration duration) {}
