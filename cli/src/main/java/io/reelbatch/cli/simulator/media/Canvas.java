package io.reelbatch.cli.simulator.media;

import java.awt.Shape;
import java.awt.geom.PathIterator;
import java.util.Arrays;

/**
 * RGB pixels and an anti-aliased fill.
 *
 * <p>Written here rather than with {@code BufferedImage} so that a JDK without fonts or a display draws too, and every
 * machine draws the same pixels. The fill sums signed areas per pixel: one pass per edge, one sweep per shape.
 */
final class Canvas {
    private static final double FLATNESS = 0.1;

    private final int width;
    private final int height;
    private final int[] pixels;
    /** Change of coverage from one pixel to the next, rows of {@code width + 2}; all zero between fills. */
    private final float[] area;

    private int top;
    private int bottom;
    private int left;
    private int right;

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        this.pixels = new int[width * height];
        this.area = new float[(width + 2) * height];
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Pixels as 0xRRGGBB, row by row: the canvas's own array. */
    int[] pixels() {
        return pixels;
    }

    /** Paints everything with a gradient that runs from the top to the bottom edge. */
    void gradient(int topRgb, int bottomRgb) {
        for (int y = 0; y < height; y++) {
            int row = Palette.mix(topRgb, bottomRgb, y / (double) Math.max(1, height - 1));
            Arrays.fill(pixels, y * width, (y + 1) * width, row);
        }
    }

    /** Darkens from {@code fromY} down to the bottom edge, where {@code alpha} (0 to 1) is reached. */
    void scrim(int fromY, int rgb, double alpha) {
        int start = Math.max(0, fromY);
        for (int y = start; y < height; y++) {
            double depth = (y - start + 1) / (double) (height - start);
            double here = alpha * Math.min(1, depth * (2 - depth) * 1.15);
            for (int x = 0; x < width; x++) {
                pixels[y * width + x] = Palette.mix(pixels[y * width + x], rgb, Math.min(alpha, here));
            }
        }
    }

    /** Copies another canvas of the same size onto this one. */
    void copy(Canvas other) {
        System.arraycopy(other.pixels, 0, pixels, 0, pixels.length);
    }

    /** Fills a shape, clipped to the canvas; {@code alpha} from 0 (nothing) to 1 (opaque). */
    void fill(Shape shape, int rgb, double alpha) {
        top = height;
        bottom = -1;
        left = width + 1;
        right = -1;
        trace(shape);
        sweep(rgb, alpha);
    }

    private void trace(Shape shape) {
        double[] point = new double[6];
        double startX = 0;
        double startY = 0;
        double x = 0;
        double y = 0;
        for (PathIterator path = shape.getPathIterator(null, FLATNESS); !path.isDone(); path.next()) {
            int segment = path.currentSegment(point);
            if (segment == PathIterator.SEG_LINETO) {
                edge(x, y, point[0], point[1]);
            } else {
                edge(x, y, startX, startY);
            }
            x = segment == PathIterator.SEG_CLOSE ? startX : point[0];
            y = segment == PathIterator.SEG_CLOSE ? startY : point[1];
            if (segment == PathIterator.SEG_MOVETO) {
                startX = x;
                startY = y;
            }
        }
        edge(x, y, startX, startY);
    }

    private void edge(double x0, double y0, double x1, double y1) {
        if (y0 == y1) {
            return;
        }
        boolean down = y0 < y1;
        double upperX = down ? x0 : x1;
        double upperY = down ? y0 : y1;
        double lowerY = Math.min(height, down ? y1 : y0);
        double slope = (x1 - x0) / (y1 - y0);
        double startY = Math.max(0, upperY);
        double x = upperX + (startY - upperY) * slope;
        for (int y = (int) startY; y < lowerY; y++) {
            double dy = Math.min(y + 1, lowerY) - Math.max(y, startY);
            double next = x + slope * dy;
            span(y, clampX(Math.min(x, next)), clampX(Math.max(x, next)), down ? dy : -dy);
            x = next;
        }
    }

    private double clampX(double x) {
        return Math.max(0, Math.min(width, x));
    }

    /** Adds one row's part of an edge, which crosses from {@code from} to {@code to} and is {@code dy} high. */
    private void span(int y, double from, double to, double dy) {
        int first = (int) from;
        int last = Math.max(first + 1, (int) Math.ceil(to));
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
        left = Math.min(left, first);
        right = Math.max(right, last);
        int row = y * (width + 2);
        double before = 0;
        for (int x = first; x <= last; x++) {
            double covered = rightOf(from, to, x + 1) - rightOf(from, to, x);
            area[row + x] += (float) (dy * (covered - before));
            before = covered;
        }
    }

    /** The area, up to {@code x}, that lies right of an edge of height 1 that crosses evenly from {@code from} to {@code to}. */
    private static double rightOf(double from, double to, double x) {
        if (x <= from) {
            return 0;
        }
        return x >= to ? x - (from + to) / 2 : (x - from) * (x - from) / (2 * (to - from));
    }

    private void sweep(int rgb, double alpha) {
        for (int y = top; y <= bottom; y++) {
            int row = y * (width + 2);
            float sum = 0;
            for (int x = left; x < width; x++) {
                if (x <= right) {
                    sum += area[row + x];
                } else if (Math.abs(sum) < 0.002f) {
                    break;
                }
                double cover = Math.min(1, Math.abs(sum)) * alpha;
                if (cover > 0.002) {
                    pixels[y * width + x] = Palette.mix(pixels[y * width + x], rgb, cover);
                }
            }
            Arrays.fill(area, row + left, row + Math.min(width + 1, right) + 1, 0);
        }
    }
}
