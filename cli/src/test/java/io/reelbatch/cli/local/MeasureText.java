package io.reelbatch.cli.local;

import java.awt.Font;
import java.awt.font.FontRenderContext;

/** A process that needs fonts: it fails where there are none. */
final class MeasureText {
    private MeasureText() {}

    public static void main(String[] args) {
        new Font(Font.DIALOG, Font.PLAIN, 12).getStringBounds("text", new FontRenderContext(null, true, true));
    }
}
