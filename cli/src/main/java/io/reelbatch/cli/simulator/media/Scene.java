package io.reelbatch.cli.simulator.media;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.SplittableRandom;

/** Backgrounds. Each is drawn from a palette and random numbers, and moves in a loop as the phase goes from 0 to 1. */
enum Scene {
    /** Rolling hills under a sun. */
    HILLS {
        @Override
        void paint(Canvas canvas, Palette palette, SplittableRandom random, double phase) {
            double w = canvas.width();
            double h = canvas.height();
            canvas.gradient(palette.top(), palette.bottom());
            double sunX = w * random.nextDouble(0.2, 0.8);
            double sunY = h * (random.nextDouble(0.2, 0.34) + 0.04 * wave(phase));
            glow(canvas, sunX, sunY, Math.min(w, h) * random.nextDouble(0.09, 0.14), palette.light());
            for (int layer = 0; layer < 4; layer++) {
                int rgb = shade(palette, layer / 3.0);
                double base = h * (0.42 + 0.13 * layer);
                canvas.fill(ridge(canvas, random, base, h * 0.075, phase * (layer + 1)), rgb, 1);
            }
        }
    },
    /** Soft discs of light. */
    LIGHTS {
        @Override
        void paint(Canvas canvas, Palette palette, SplittableRandom random, double phase) {
            double w = canvas.width();
            double h = canvas.height();
            double unit = Math.sqrt(w * h);
            canvas.gradient(palette.near().get(2), palette.near().get(0));
            for (int disc = 0; disc < 26; disc++) {
                double share = random.nextDouble();
                double angle = random.nextDouble() + phase;
                double x = w * random.nextDouble() + unit * 0.05 * wave(angle);
                double y = h * random.nextDouble() + unit * 0.05 * wave(angle + 0.25);
                int rgb = tint(palette, disc % 4);
                double radius = unit * (0.02 + 0.11 * share * share);
                canvas.fill(circle(x, y, radius), rgb, 0.2 + 0.3 * (1 - share));
                canvas.fill(circle(x, y, radius * 0.82), rgb, 0.12);
            }
        }
    },
    /** Rings around a corner. */
    RINGS {
        @Override
        void paint(Canvas canvas, Palette palette, SplittableRandom random, double phase) {
            double w = canvas.width();
            double h = canvas.height();
            canvas.gradient(palette.bottom(), palette.near().get(0));
            double x = w * (random.nextBoolean() ? random.nextDouble(0.7, 0.95) : random.nextDouble(0.05, 0.3));
            double y = h * random.nextDouble(0.2, 0.45);
            double far = Math.hypot(w, h) * 0.8;
            int rings = 9;
            for (int ring = 0; ring < rings; ring++) {
                double radius = far * (1 - ring / (double) rings) * (1 + 0.035 * wave(phase + ring * 0.12));
                int rgb = ring % 2 == 0 ? shade(palette, ring / (double) rings) : palette.light();
                canvas.fill(circle(x, y, radius), rgb, ring % 2 == 0 ? 0.75 : 0.3);
            }
            canvas.fill(circle(x, y, far * 0.06), palette.light(), 1);
        }
    },
    /** Ribbons that flow across. */
    RIBBONS {
        @Override
        void paint(Canvas canvas, Palette palette, SplittableRandom random, double phase) {
            double h = canvas.height();
            canvas.gradient(palette.top(), palette.bottom());
            int ribbons = 7;
            for (int ribbon = 0; ribbon < ribbons; ribbon++) {
                double share = ribbon / (double) (ribbons - 1);
                double y = h * (0.12 + 0.62 * share);
                double swing = h * random.nextDouble(0.05, 0.12);
                double thick = h * random.nextDouble(0.07, 0.16);
                double start = random.nextDouble() + phase;
                double turns = random.nextDouble(0.6, 1.3);
                int rgb = ribbon % 3 == 1 ? palette.light() : shade(palette, share);
                canvas.fill(ribbon(canvas.width(), y, swing, thick, turns, start), rgb, 0.62);
            }
        }
    },
    /** A mosaic of quarter discs. */
    TILES {
        @Override
        void paint(Canvas canvas, Palette palette, SplittableRandom random, double phase) {
            double w = canvas.width();
            double h = canvas.height();
            canvas.gradient(palette.bottom(), palette.bottom());
            double side = Math.ceil(Math.max(w, h) / 6); // whole pixels, or seams would show
            for (int row = 0; row * side < h; row++) {
                for (int column = 0; column * side < w; column++) {
                    int corner = random.nextInt(4);
                    int back = tint(palette, random.nextInt(6));
                    int front = tint(palette, random.nextInt(6));
                    double grow = 1 - 0.14 * (1 + wave(phase + random.nextDouble())) / 2;
                    canvas.fill(square(column * side, row * side, side), back, 1);
                    canvas.fill(quarter(column * side, row * side, side, corner, grow), front, 1);
                }
            }
        }
    },
    /** Sharp peaks under a moon and stars. */
    PEAKS {
        @Override
        void paint(Canvas canvas, Palette palette, SplittableRandom random, double phase) {
            double w = canvas.width();
            double h = canvas.height();
            canvas.gradient(palette.near().get(2), palette.bottom());
            for (int star = 0; star < 45; star++) {
                double twinkle = 0.55 + 0.4 * wave(phase + random.nextDouble());
                double radius = Math.min(w, h) * random.nextDouble(0.0015, 0.005);
                canvas.fill(circle(w * random.nextDouble(), h * 0.5 * random.nextDouble(), radius), 0xFFFFFF, twinkle);
            }
            double moonX = w * (random.nextDouble(0.15, 0.85) + 0.03 * wave(phase));
            glow(canvas, moonX, h * random.nextDouble(0.16, 0.28), Math.min(w, h) * 0.08, palette.light());
            for (int layer = 0; layer < 3; layer++) {
                int rgb = Palette.mix(palette.near().get(layer), palette.bottom(), 0.22 * (2 - layer));
                canvas.fill(peaks(canvas, random, h * (0.62 + 0.13 * layer), h * (0.3 - 0.06 * layer)), rgb, 1);
            }
        }
    };

    /**
     * Paints the background.
     *
     * @param phase position in the loop, from 0 to 1
     */
    abstract void paint(Canvas canvas, Palette palette, SplittableRandom random, double phase);

    private static double wave(double turns) {
        return StrictMath.sin(turns * 2 * Math.PI);
    }

    /** From the far colour (0) to the near one (1). */
    private static int shade(Palette palette, double share) {
        double place = Math.max(0, Math.min(1.9999, share * 2));
        int index = (int) place;
        return Palette.mix(palette.near().get(index), palette.near().get(index + 1), place - index);
    }

    private static int tint(Palette palette, int number) {
        return switch (number) {
            case 0 -> palette.light();
            case 1 -> palette.bottom();
            case 2 -> palette.top();
            default -> palette.near().get(number - 3);
        };
    }

    private static Shape circle(double x, double y, double radius) {
        return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }

    private static void glow(Canvas canvas, double x, double y, double radius, int rgb) {
        for (int halo = 5; halo > 0; halo--) {
            canvas.fill(circle(x, y, radius * (1 + 0.32 * halo)), rgb, 0.07);
        }
        canvas.fill(circle(x, y, radius), rgb, 0.96);
    }

    private static Shape ridge(Canvas canvas, SplittableRandom random, double base, double height, double phase) {
        double first = random.nextDouble();
        double second = random.nextDouble();
        int waves = 1 + random.nextInt(2);
        Path2D path = new Path2D.Double();
        path.moveTo(0, canvas.height());
        double step = canvas.width() / 48.0;
        for (int i = 0; i <= 48; i++) {
            double along = i / 48.0;
            double y = wave(along * waves + first + phase) + 0.45 * wave(along * (waves + 2) + second + phase);
            path.lineTo(i * step, base + y * height);
        }
        path.lineTo(canvas.width(), canvas.height());
        path.closePath();
        return path;
    }

    private static Shape ribbon(double width, double y, double swing, double thick, double turns, double start) {
        Path2D path = new Path2D.Double();
        path.moveTo(0, y + swing * wave(start));
        for (int i = 1; i <= 40; i++) {
            path.lineTo(width * i / 40, y + swing * wave(start + turns * i / 40));
        }
        for (int i = 40; i >= 0; i--) {
            path.lineTo(width * i / 40, y + thick + swing * wave(start + 0.08 + turns * i / 40));
        }
        path.closePath();
        return path;
    }

    private static Shape square(double x, double y, double side) {
        Path2D path = new Path2D.Double();
        path.moveTo(x, y);
        path.lineTo(x + side, y);
        path.lineTo(x + side, y + side);
        path.lineTo(x, y + side);
        path.closePath();
        return path;
    }

    /** A quarter disc whose centre is one of the square's corners. */
    private static Shape quarter(double x, double y, double side, int corner, double grow) {
        boolean right = corner % 2 == 1;
        boolean low = corner > 1;
        double centreX = right ? x + side : x;
        double centreY = low ? y + side : y;
        double toX = right ? -1 : 1;
        double toY = low ? -1 : 1;
        Path2D path = new Path2D.Double();
        path.moveTo(centreX, centreY);
        for (int i = 0; i <= 16; i++) {
            double angle = Math.PI / 2 * i / 16;
            double reach = side * grow;
            path.lineTo(centreX + toX * reach * StrictMath.cos(angle), centreY + toY * reach * StrictMath.sin(angle));
        }
        path.closePath();
        return path;
    }

    private static Shape peaks(Canvas canvas, SplittableRandom random, double base, double height) {
        Path2D path = new Path2D.Double();
        path.moveTo(-1, canvas.height());
        double x = -canvas.width() * random.nextDouble(0.05, 0.2);
        path.lineTo(x, base);
        while (x < canvas.width()) {
            double stride = canvas.width() * random.nextDouble(0.1, 0.2);
            path.lineTo(x + stride, base - height * random.nextDouble(0.45, 1));
            x += stride * 2;
            path.lineTo(x, base - height * random.nextDouble(0, 0.2));
        }
        path.lineTo(x, canvas.height());
        path.closePath();
        return path;
    }
}
