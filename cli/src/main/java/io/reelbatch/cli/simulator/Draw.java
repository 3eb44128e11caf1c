package io.reelbatch.cli.simulator;

import java.nio.charset.StandardCharsets;

/** Random numbers that depend on a seed and on what they are for, never on the order in which they are drawn. */
record Draw(long seed) {
    /** A number that any change of the parts changes. */
    long number(Object... parts) {
        long hash = mix(seed + 0x9E3779B97F4A7C15L);
        for (Object part : parts) {
            for (byte b : part.toString().getBytes(StandardCharsets.UTF_8)) {
                hash = (hash ^ b) * 0x100000001B3L;
            }
            hash = mix(hash + 0x9E3779B97F4A7C15L);
        }
        return hash;
    }

    /** A number from 0 (included) to 1 (excluded). */
    double share(Object... parts) {
        return (number(parts) >>> 11) * 0x1.0p-53;
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
