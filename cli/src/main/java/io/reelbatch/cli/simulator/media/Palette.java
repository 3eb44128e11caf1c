package io.reelbatch.cli.simulator.media;

import java.util.List;

/**
 * Colours that go together, as 0xRRGGBB.
 *
 * @param top upper end of the background's gradient
 * @param bottom lower end of the background's gradient
 * @param light the brightest colour: suns, stars, highlights
 * @param near three colours for shapes, from the far, lighter one to the near, darker one
 */
record Palette(int top, int bottom, int light, List<Integer> near) {
    private static final List<Palette> ALL = List.of(
            of(0x355C7D, 0xF8B195, 0xFFE3B3, 0xF67280, 0xC06C84, 0x6C5B7B),
            of(0x0B486B, 0x79BD9A, 0xF6F7D7, 0x4FA08B, 0x2A6F6F, 0x0B3C49),
            of(0xFF7E5F, 0xFEB47B, 0xFFF3C4, 0xE4572E, 0xA83F39, 0x5B2333),
            of(0x0F2A3D, 0x2C8C8A, 0xB8F2E6, 0x38A3A5, 0x22577A, 0x102A43),
            of(0x41295A, 0xE94E77, 0xFFD6E0, 0xB83B5E, 0x6A2C70, 0x2D1E46),
            of(0x56AB91, 0xE9F5DB, 0xFFF8C7, 0x9FB98A, 0x5A8F73, 0x2F5D50),
            of(0x6FA3D8, 0xE3EEF8, 0xFFFFFF, 0x8FA9C9, 0x4D6F9D, 0x283C63),
            of(0xF08A5D, 0xFBE3B6, 0xFFF6DF, 0xE08A5B, 0xB0524A, 0x5E3555),
            of(0x1A1A40, 0x7A0BC0, 0xFA8BD0, 0x8B3FD1, 0x4E31AA, 0x241263),
            of(0x1D3557, 0x6FA8C9, 0xF1FAEE, 0xE63946, 0x457B9D, 0x1D3557),
            of(0xE9B384, 0xFFE1A8, 0xFFF5E1, 0xE26D5C, 0x9A4A50, 0x472D30),
            of(0x14213D, 0x4A5FA5, 0xFCBF49, 0x6C7FC0, 0x36478A, 0x101A38));

    private static Palette of(int top, int bottom, int light, int far, int middle, int near) {
        return new Palette(top, bottom, light, List.of(far, middle, near));
    }

    /** One of the palettes, by any number. */
    static Palette pick(long number) {
        return ALL.get((int) Math.floorMod(number, (long) ALL.size()));
    }

    /** The colour that lies {@code share} (0 to 1) of the way from {@code from} to {@code to}. */
    static int mix(int from, int to, double share) {
        int part = (int) (share * 256 + 0.5);
        int red = blend((from >> 16) & 255, (to >> 16) & 255, part);
        int green = blend((from >> 8) & 255, (to >> 8) & 255, part);
        return (red << 16) | (green << 8) | blend(from & 255, to & 255, part);
    }

    private static int blend(int from, int to, int part) {
        return from + (((to - from) * part + 128) >> 8);
    }
}
