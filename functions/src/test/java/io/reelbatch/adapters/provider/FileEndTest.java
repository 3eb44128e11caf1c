package io.reelbatch.adapters.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.provider.OutputKind;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a file is all there. */
class FileEndTest {

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp"})
    void aPictureIsWholeExactlyWhenItsLastByteIsThere(String extension) throws IOException {
        assertEveryCutIsSeen(extension, picture(extension));
    }

    @Test
    void aProgressiveJpegIsWholeExactlyWhenItsLastByteIsThere() throws IOException {
        assertEveryCutIsSeen("jpg", progressiveJpeg());
    }

    @Test
    void aGifIsWholeWhenItEndsAsGifsDo() throws IOException {
        byte[] gif = picture("gif");

        assertThat(isWhole("gif", gif)).isTrue();
        assertThat(isWhole("gif", Arrays.copyOf(gif, gif.length - 1))).isFalse();
    }

    @Test
    void aSoundIsWholeExactlyWhenItsLastByteIsThere() throws IOException {
        ByteArrayOutputStream wav = new ByteArrayOutputStream();
        AudioFormat format = new AudioFormat(8000, 16, 1, true, false);
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(new byte[1600]), format, 800),
                AudioFileFormat.Type.WAVE,
                wav);

        assertEveryCutIsSeen("wav", wav.toByteArray());
    }

    @Test
    void aVideoIsWholeWhenItsLastBoxAndItsIndexAreThere() {
        byte[] indexLast = concat(box("ftyp", 24), box("free", 8), largeBox("mdat", 5000), box("moov", 700));
        assertEveryCutIsSeen("mp4", indexLast, 6);

        byte[] indexFirst = concat(box("ftyp", 24), box("moov", 700), box("mdat", 5000));
        assertThat(isWhole("mp4", indexFirst)).isTrue();
        assertThat(isWhole("mp4", Arrays.copyOf(indexFirst, indexFirst.length / 2)))
                .isFalse();
        assertThat(isWhole("mp4", Arrays.copyOf(indexFirst, indexFirst.length - 1)))
                .isFalse();
    }

    @Test
    void aVideoWhoseLastBoxReachesToTheEndIsWholeWhereverThatIs() {
        byte[] open = concat(box("ftyp", 24), box("moov", 700), new byte[] {0, 0, 0, 0, 'm', 'd', 'a', 't', 1, 2, 3});

        assertThat(isWhole("mp4", open)).isTrue();
    }

    @Test
    void aWebmIsWholeWhenItsSegmentIs() {
        byte[] start = bytes("\u001aE\u00df\u00a3\u0084\0\0\0\0\u0018S\u0080g");
        byte[] known = concat(start, bytes("H\0"), new byte[0x800]);
        assertEveryCutIsSeen("webm", known);

        byte[] live = concat(start, bytes("\1\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"), new byte[50]);
        assertThat(isWhole("webm", live)).isTrue();
    }

    @Test
    void padsBehindTheEndDoNoHarm() throws IOException {
        for (String extension : new String[] {"png", "jpg", "bmp", "gif"}) {
            assertThat(isWhole(extension, concat(picture(extension), new byte[300])))
                    .as(extension)
                    .isTrue();
        }
        byte[] video = concat(box("ftyp", 24), box("moov", 700), box("mdat", 50));
        assertThat(isWhole("mp4", concat(video, new byte[3]))).isTrue();
        assertThat(isWhole("mp4", concat(video, new byte[300]))).isTrue();
    }

    @Test
    void whatIsNotMadeAsExpectedCountsAsWhole() {
        assertThat(isWhole("png", concat(bytes("\u0089PNG\r\n\u001a\n"), bytes("\u00ff\u00ff\u00ff\u00ff\1\2\3\4"))))
                .isTrue();
        assertThat(isWhole("mp4", bytes("\0\0\0\3ftypisom"))).isTrue();
        assertThat(isWhole("mp4", bytes("\0\0\0\1ftyp\177\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")))
                .isTrue();
        assertThat(isWhole("jpg", bytes("\u00ff\u00d8nonsense"))).isTrue();
        assertThat(isWhole("flac", bytes("fLaC"))).isTrue();
    }

    @Test
    void aDrawingIsWholeWhenItsLastTagIsClosed() {
        assertThat(isWhole("svg", bytes("<svg><g/></svg>\n"))).isTrue();
        assertThat(isWhole("svg", bytes("<svg><g/></sv"))).isFalse();
    }

    private static void assertEveryCutIsSeen(String extension, byte[] file) {
        assertEveryCutIsSeen(extension, file, 0);
    }

    /** @param except first cut not looked at, counted from the end */
    private static void assertEveryCutIsSeen(String extension, byte[] file, int except) {
        assertThat(isWhole(extension, file)).isTrue();
        for (int length = 20; length < file.length - except; length++) {
            assertThat(isWhole(extension, Arrays.copyOf(file, length)))
                    .as("%s of %s bytes", length, file.length)
                    .isFalse();
        }
    }

    /** Handed over in blocks of uneven size, as a network does. */
    private static boolean isWhole(String extension, byte[] file) {
        FileEnd end = FileEnd.of(new OutputKind(extension, "x/x"));
        int block = 1;
        for (int from = 0; from < file.length; from += block) {
            block = Math.min(block * 3 % 1009 + 1, file.length - from);
            end.take(Arrays.copyOfRange(file, from, from + block), block);
        }
        return end.isReached();
    }

    private static byte[] picture(String extension) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image(), extension, out);
        return out.toByteArray();
    }

    private static byte[] progressiveJpeg() throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image(), null, null), parameters);
        }
        writer.dispose();
        return out.toByteArray();
    }

    private static BufferedImage image() {
        BufferedImage image = new BufferedImage(48, 32, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, Color.ORANGE, 48, 32, Color.BLUE));
        graphics.fillRect(0, 0, 48, 32);
        graphics.dispose();
        return image;
    }

    private static byte[] box(String type, int content) {
        return ByteBuffer.allocate(8 + content)
                .putInt(8 + content)
                .put(bytes(type))
                .array();
    }

    private static byte[] largeBox(String type, int content) {
        return ByteBuffer.allocate(16 + content)
                .putInt(1)
                .put(bytes(type))
                .putLong(16 + content)
                .array();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
