package io.reelbatch.cli.simulator.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.jcodec.api.FrameGrab;
import org.jcodec.common.io.ByteBufferSeekableByteChannel;
import org.jcodec.common.model.Picture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files are what they say, show what was asked for, and differ where the request does. */
class MediaMakerTest {
    private final MediaMaker maker = new MediaMaker();

    @ParameterizedTest
    @CsvSource({"1024,1024,512,512", "2048,2048,512,512", "1920,1080,512,288", "1080,1920,288,512", "100,50,100,50"})
    void aPictureKeepsItsRatio(int width, int height, int expectedWidth, int expectedHeight) throws IOException {
        BufferedImage picture = picture("a red fox", 1, width, height);

        assertThat(picture.getWidth()).isEqualTo(expectedWidth);
        assertThat(picture.getHeight()).isEqualTo(expectedHeight);
    }

    @Test
    void theRatioOfAnAbsurdRequestIsBent() throws IOException {
        assertThat(picture("a red fox", 1, 99_999, 1).getHeight()).isEqualTo(32);
    }

    @Test
    void aPictureShowsItsPrompt() throws IOException {
        BufferedImage words = picture("a red fox in the snow", 1, 512, 512);
        BufferedImage other = picture("ten green bottles", 1, 512, 512);

        assertThat(whitePixels(words)).as("letters").isGreaterThan(1000);
        assertThat(words.getRGB(256, 10)).as("same look").isEqualTo(other.getRGB(256, 10));
        assertThat(whitePixels(words)).as("other letters").isNotEqualTo(whitePixels(other));
    }

    @ParameterizedTest
    @CsvSource({"狐と雪", "\uD83E\uDD8A fox", "x", "Donaudampfschifffahrtsgesellschaftskapitänsmütze"})
    void anyTextCanBeDrawn(String prompt) throws IOException {
        assertThat(picture(prompt, 3, 64, 512).getWidth()).isEqualTo(64);
        assertThat(whitePixels(picture(prompt.repeat(300), 3, 512, 512))).isPositive();
    }

    @Test
    void equalRequestsGiveEqualFilesAndOthersDiffer() {
        byte[] first = new MediaMaker().make(request(MediaKind.IMAGE, "fox", 1, 512, 512));

        assertThat(maker.make(request(MediaKind.IMAGE, "fox", 1, 512, 512))).isEqualTo(first);
        assertThat(maker.make(request(MediaKind.IMAGE, "fox", 2, 512, 512))).isNotEqualTo(first);
    }

    @Test
    void filesBeyondTheMemoryForThemAreDrawnAgain() {
        byte[] first = maker.make(request(MediaKind.AUDIO, "0", 0, 1, 1));
        // Five seconds of 16,000 bytes a file.
        long enough = MediaMaker.KEPT_BYTES / (5 * 16_000) + 2;
        for (int i = 1; i < enough; i++) {
            maker.make(request(MediaKind.AUDIO, "0", i, 1, 1));
        }
        byte[] again = maker.make(request(MediaKind.AUDIO, "0", 0, 1, 1));

        assertThat(again).isEqualTo(first).isNotSameAs(first);
        assertThat(maker.make(request(MediaKind.AUDIO, "0", 0, 1, 1))).isSameAs(again);
    }

    @Test
    void aClipCanBeDecodedAndMoves() throws Exception {
        byte[] file = maker.make(request(MediaKind.VIDEO, "waves at dusk", 5, 1280, 720));
        var channel = ByteBufferSeekableByteChannel.readFromByteBuffer(ByteBuffer.wrap(file));
        FrameGrab frames = FrameGrab.createFrameGrab(channel);
        List<byte[]> luma = new ArrayList<>();
        for (Picture frame = frames.getNativeFrame(); frame != null; frame = frames.getNativeFrame()) {
            luma.add(frame.getPlaneData(0).clone());
        }

        assertThat(luma).hasSize(40);
        assertThat(luma.get(10)).isNotEqualTo(luma.get(0));
        assertThat(luma.get(20)).as("a loop of 2.5 seconds").isEqualTo(luma.get(0));
    }

    @Test
    void aSoundLastsAsLongAsAskedFor() throws Exception {
        byte[] file = maker.make(request(MediaKind.AUDIO, "a chord", 1, 1, 1));
        try (AudioInputStream sound = AudioSystem.getAudioInputStream(new ByteArrayInputStream(file))) {
            assertThat(sound.getFrameLength() / sound.getFormat().getFrameRate())
                    .isEqualTo(5f);
        }
    }

    private BufferedImage picture(String prompt, long look, int width, int height) throws IOException {
        byte[] file = maker.make(request(MediaKind.IMAGE, prompt, look, width, height));
        return ImageIO.read(new ByteArrayInputStream(file));
    }

    private static MediaRequest request(MediaKind kind, String prompt, long look, int width, int height) {
        return new MediaRequest(kind, prompt, "some/model", 42, look, width, height, Duration.ofSeconds(5));
    }

    private static long whitePixels(BufferedImage picture) {
        long white = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                white += (picture.getRGB(x, y) & 0xFFFFFF) == 0xFFFFFF ? 1 : 0;
            }
        }
        return white;
    }
}
