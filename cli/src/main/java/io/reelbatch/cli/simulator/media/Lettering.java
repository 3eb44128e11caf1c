package io.reelbatch.cli.simulator.media;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Turns text into shapes with the font that comes along (Open Sans Semibold), so that no font has to be installed.
 *
 * <p>Characters the font lacks become a small outlined box. Safe for several threads.
 */
final class Lettering {
    private static final String FONT = "OpenSans-Semibold.ttf";
    private static final double LINE_HEIGHT = 1.22;
    /** Characters looked at: more than fit on any picture at any size that can be read. */
    private static final int LONGEST_TEXT = 2000;

    private final TrueTypeFont font;
    private final CmapLookup codes;
    private final double unitsPerEm;
    private final Map<Integer, Glyph> glyphs = new ConcurrentHashMap<>();

    /**
     * Text laid out in lines.
     *
     * @param size height of an em, in pixels
     */
    record Block(List<String> lines, double size) {
        double height() {
            return lines.size() * size * LINE_HEIGHT;
        }
    }

    /** An outline with the y axis pointing down, for an em of 1, and how far the next glyph is. */
    private record Glyph(Path2D outline, double advance) {}

    /**
     * Reads the font.
     *
     * @throws UncheckedIOException when the resource cannot be read
     */
    Lettering() {
        try (InputStream resource = Objects.requireNonNull(Lettering.class.getResourceAsStream(FONT), FONT)) {
            font = new TTFParser().parse(new RandomAccessReadBuffer(resource));
            codes = font.getUnicodeCmapLookup();
            unitsPerEm = font.getUnitsPerEm();
        } catch (IOException e) {
            throw new UncheckedIOException("The simulator's font " + FONT + " cannot be read", e);
        }
    }

    /**
     * The text in the largest size at which it fits into the box.
     *
     * @param largest largest size to try, pixels
     * @param smallest smallest size; text that does not fit even so is cut, with an ellipsis
     */
    Block fit(String whole, double boxWidth, double boxHeight, double largest, double smallest) {
        String text = whole.length() > LONGEST_TEXT ? whole.substring(0, LONGEST_TEXT) : whole;
        for (double size = largest; size > smallest; size *= 0.94) {
            Block block = new Block(wrap(text, size, boxWidth), size);
            if (block.height() <= boxHeight && widest(block) <= boxWidth) {
                return block;
            }
        }
        int lines = Math.max(1, (int) (boxHeight / (smallest * LINE_HEIGHT)));
        return new Block(cut(wrap(text, smallest, boxWidth), lines, smallest, boxWidth), smallest);
    }

    /** Draws a block with its upper left corner at the given place. */
    void draw(Canvas canvas, Block block, double x, double y, int rgb, double alpha) {
        double baseline = y + block.size();
        for (String line : block.lines()) {
            draw(canvas, line, x, baseline, block.size(), rgb, alpha);
            baseline += block.size() * LINE_HEIGHT;
        }
    }

    /** Draws one line on its baseline. */
    void draw(Canvas canvas, String line, double x, double baseline, double size, int rgb, double alpha) {
        double pen = x;
        for (int code : line.codePoints().toArray()) {
            Glyph glyph = glyph(code);
            AffineTransform place = new AffineTransform(size, 0, 0, size, pen, baseline);
            canvas.fill(glyph.outline().createTransformedShape(place), rgb, alpha);
            pen += glyph.advance() * size;
        }
    }

    /** Width of a line in pixels. */
    double width(String line, double size) {
        return line.codePoints().mapToDouble(code -> glyph(code).advance()).sum() * size;
    }

    private double widest(Block block) {
        return block.lines().stream()
                .mapToDouble(line -> width(line, block.size()))
                .max()
                .orElse(0);
    }

    private List<String> wrap(String text, double size, double boxWidth) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (!line.isEmpty() && width(line + " " + word, size) > boxWidth) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
            breakLong(line, lines, size, boxWidth);
        }
        lines.add(line.toString());
        return lines;
    }

    /** Cuts a word that alone is wider than the box, as in languages without spaces. */
    private void breakLong(StringBuilder line, List<String> lines, double size, double boxWidth) {
        int end = fitting(line, size, boxWidth);
        while (end < line.length()) {
            lines.add(line.substring(0, end));
            line.delete(0, end);
            end = fitting(line, size, boxWidth);
        }
    }

    /** Length of the longest beginning that fits; at least one character. */
    private int fitting(CharSequence line, double size, double boxWidth) {
        int end = 0;
        double width = 0;
        while (end < line.length()) {
            int code = Character.codePointAt(line, end);
            width += glyph(code).advance() * size;
            if (width > boxWidth && end > 0) {
                return end;
            }
            end += Character.charCount(code);
        }
        return end;
    }

    private List<String> cut(List<String> lines, int most, double size, double boxWidth) {
        if (lines.size() <= most) {
            return lines;
        }
        List<String> kept = new ArrayList<>(lines.subList(0, most));
        String last = kept.get(most - 1);
        while (!last.isEmpty() && width(last + "\u2026", size) > boxWidth) {
            last = last.substring(0, last.offsetByCodePoints(last.length(), -1));
        }
        kept.set(most - 1, last.stripTrailing() + "\u2026");
        return kept;
    }

    private Glyph glyph(int code) {
        return glyphs.computeIfAbsent(code, this::read);
    }

    private Glyph read(int code) {
        synchronized (font) {
            try {
                int id = codes.getGlyphId(code);
                if (id == 0) {
                    return missing(code);
                }
                var data = font.getGlyph().getGlyph(id);
                Path2D outline = data == null ? new Path2D.Double() : new Path2D.Double(data.getPath());
                outline.transform(AffineTransform.getScaleInstance(1 / unitsPerEm, -1 / unitsPerEm));
                return new Glyph(outline, font.getAdvanceWidth(id) / unitsPerEm);
            } catch (IOException e) {
                throw new UncheckedIOException("Glyph " + code + " of " + FONT + " cannot be read", e);
            }
        }
    }

    private static Glyph missing(int code) {
        Path2D box = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        if (!Character.isWhitespace(code) && Character.getType(code) != Character.FORMAT) {
            box.append(new Rectangle2D.Double(0.06, -0.72, 0.7, 0.8), false);
            Path2D hole = new Path2D.Double();
            hole.moveTo(0.14, -0.64);
            hole.lineTo(0.14, 0);
            hole.lineTo(0.68, 0);
            hole.lineTo(0.68, -0.64);
            hole.closePath();
            box.append(hole, false);
        }
        return new Glyph(box, 0.82);
    }
}
