package io.reelbatch.cli.simulator.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;

/** Writes a chord that swells and fades as a WAV file: PCM, 16 bits, one channel, 8 kHz. */
final class SoundWriter {
    private static final int RATE = 8000;
    /** Bytes before the samples. */
    private static final int HEADER = 44;

    /** Ratios of just intonation: a chord of these sounds pleasant whatever its root. */
    private static final double[] CHORD = {1, 5 / 4.0, 3 / 2.0};

    private SoundWriter() {}

    static byte[] write(long look, Duration duration) {
        int samples = (int) Math.max(1, duration.toMillis() * RATE / 1000);
        double root = 110 * StrictMath.pow(2, new SplittableRandom(look).nextInt(13) / 12.0);
        byte[] file = new byte[HEADER + 2 * samples];
        ByteBuffer wav = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        header(wav, 2 * samples);
        for (int i = 0; i < samples; i++) {
            double sum = 0;
            for (double ratio : CHORD) {
                sum += StrictMath.sin(2 * Math.PI * root * ratio * i / RATE);
            }
            double envelope = StrictMath.sin(Math.PI * i / samples);
            wav.putShort((short) (sum / CHORD.length * envelope * 12000));
        }
        return file;
    }

    private static void header(ByteBuffer wav, int bytes) {
        wav.put(ascii("RIFF")).putInt(HEADER - 8 + bytes).put(ascii("WAVEfmt ")).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(2 * RATE);
        wav.putShort((short) 2).putShort((short) 16);
        wav.put(ascii("data")).putInt(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
