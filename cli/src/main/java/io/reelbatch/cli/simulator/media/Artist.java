package io.reelbatch.cli.simulator.media;

import java.util.SplittableRandom;

/** Paints a request: a background that its look picks, its prompt in large letters, its model and seed in small ones. */
final class Artist {
    private static final int WHITE = 0xFFFFFF;
    private static final int INK = 0x0A0C14;

    private final Lettering lettering = new Lettering();

    /** Width and height with the ratio of the request and a long side of at most {@code longest} pixels, both even. */
    static Canvas canvas(MediaRequest request, int longest) {
        double width = Math.max(1, request.width());
        double height = Math.max(1, request.height());
        double scale = Math.min(1, longest / Math.max(width, height));
        return new Canvas(even(width * scale, longest), even(height * scale, longest));
    }

    private static int even(double length, int longest) {
        return Math.max(32, Math.min(longest, (int) (2 * Math.round(length / 2))));
    }

    /**
     * Paints the background.
     *
     * @param phase position in the loop of a clip, from 0 to 1
     */
    void background(Canvas canvas, MediaRequest request, double phase) {
        SplittableRandom random = new SplittableRandom(request.look());
        Palette palette = Palette.pick(random.nextLong());
        Scene[] scenes = Scene.values();
        scenes[random.nextInt(scenes.length)].paint(canvas, palette, random, phase);
    }

    /** Paints the letters, over a background that gets darker towards them. */
    void letters(Canvas canvas, MediaRequest request) {
        double w = canvas.width();
        double h = canvas.height();
        double margin = Math.min(w, h) * 0.065;
        double small = Math.max(9, Math.min(w, h) * 0.032);
        double large = Math.max(12, Math.min(h * 0.085, w * 0.062));
        double box = h * 0.34;
        Lettering.Block prompt = lettering.fit(request.prompt(), w - 2 * margin, box, large, Math.max(9, large * 0.45));
        double footer = h - margin;
        double top = footer - small * 1.9 - prompt.height();
        canvas.scrim((int) (top - h * 0.16), INK, 0.84);
        lettering.draw(canvas, prompt, margin, top, WHITE, 1);
        caption(canvas, request, margin, footer, small);
    }

    private void caption(Canvas canvas, MediaRequest request, double margin, double baseline, double size) {
        String seed = "seed " + request.seed();
        double room = canvas.width() - 2 * margin;
        double seedWidth = lettering.width(seed, size);
        Lettering.Block model =
                lettering.fit(request.model(), Math.max(1, room - seedWidth - size), size * 1.3, size, size * 0.95);
        lettering.draw(canvas, model.lines().get(0), margin, baseline, size, WHITE, 0.78);
        lettering.draw(canvas, seed, canvas.width() - margin - seedWidth, baseline, size, WHITE, 0.6);
    }
}
