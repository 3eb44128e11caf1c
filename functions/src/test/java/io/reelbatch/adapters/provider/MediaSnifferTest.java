package io.reelbatch.adapters.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.adapters.provider.MediaSniffer.Sniffed;
import io.reelbatch.domain.provider.OutputKind;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file is which. */
class MediaSnifferTest {

    @ParameterizedTest
    @CsvSource({"png, image/png", "jpg, image/jpeg", "gif, image/gif", "bmp, image/bmp", "tif, image/tiff"})
    void knowsImagesThatJavaWrites(String extension, String type) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(
                new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), extension.equals("tif") ? "tiff" : extension, out);

        assertThat(sniff(out.toByteArray())).isEqualTo(new Sniffed.Media(new OutputKind(extension, type)));
    }

    @Test
    void knowsASoundThatJavaWrites() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AudioFormat format = new AudioFormat(8000, 16, 1, true, false);
        AudioSystem.write(
                new AudioInputStream(new java.io.ByteArrayInputStream(new byte[1600]), format, 800),
                AudioFileFormat.Type.WAVE,
                out);

        assertThat(sniff(out.toByteArray())).isEqualTo(new Sniffed.Media(new OutputKind("wav", "audio/wav")));
    }

    @ParameterizedTest
    @CsvSource({
        "isom, mp4, video/mp4",
        "iso5, mp4, video/mp4",
        "mp41, mp4, video/mp4",
        "mp42, mp4, video/mp4",
        "avc1, mp4, video/mp4",
        "dash, mp4, video/mp4",
        "'qt  ', mov, video/quicktime",
        "avif, avif, image/avif",
        "avis, avif, image/avif",
        "heic, heic, image/heic",
        "'M4A ', m4a, audio/mp4"
    })
    void tellsTheFamilyOfMp4ApartByItsBrand(String brand, String extension, String type) {
        assertThat(sniff("\0\0\0\40ftyp" + brand + "\0\0\2\0isomiso2avc1mp41"))
                .isEqualTo(new Sniffed.Media(new OutputKind(extension, type)));
    }

    @Test
    void anAvifOfTheGeneralBrandIsAnAvif() {
        assertThat(sniff("\0\0\0\34ftypmif1\0\0\0\0mif1avifmiaf"))
                .isEqualTo(new Sniffed.Media(new OutputKind("avif", "image/avif")));
    }

    @Test
    void tellsWebmFromMatroska() {
        String start = "\u001aE\u00df\u00a3\u009fB\u0086\u0081\1B\u00f7\u0081\1B\u00f2\u0081\4B\u00f3\u0081\bB\u0082";

        assertThat(sniff(start + "\u0084webm")).isEqualTo(new Sniffed.Media(new OutputKind("webm", "video/webm")));
        assertThat(sniff(start + "\u0088matroska"))
                .isEqualTo(new Sniffed.Media(new OutputKind("mkv", "video/x-matroska")));
    }

    @Test
    void knowsTheRestOfWhatModelsMake() {
        assertThat(sniff("RIFF\0\0\0\0WEBPVP8 ")).isEqualTo(new Sniffed.Media(new OutputKind("webp", "image/webp")));
        assertThat(sniff("\0\0\1\0moov\0\0\0lmvhd"))
                .isEqualTo(new Sniffed.Media(new OutputKind("mov", "video/quicktime")));
        assertThat(sniff("ID3\3\0\0\0\0\0\0")).isEqualTo(new Sniffed.Media(new OutputKind("mp3", "audio/mpeg")));
        assertThat(sniff("\u00ff\u00fb\u0090d")).isEqualTo(new Sniffed.Media(new OutputKind("mp3", "audio/mpeg")));
        assertThat(sniff("fLaC\0\0\0\42")).isEqualTo(new Sniffed.Media(new OutputKind("flac", "audio/flac")));
        assertThat(MediaSniffer.sniff(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".getBytes(StandardCharsets.UTF_8),
                        Optional.empty()))
                .isEqualTo(new Sniffed.Media(new OutputKind("svg", "image/svg+xml")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<!DOCTYPE html><html>", "<html>", "{\"error\":\"x\"}", "Not found", "%PDF-1.4", "PK\3\4", ""})
    void nothingElseIsAMedium(String text) {
        assertThat(MediaSniffer.sniff(text.getBytes(StandardCharsets.ISO_8859_1), Optional.of("image/png")))
                .isInstanceOf(Sniffed.Other.class);
    }

    @Test
    void bytesNobodyKnowsAreWhatTheServerCallsThem() {
        String unknown = "\1\2\3\u0080\0\0\7";

        assertThat(sniff(unknown)).isEqualTo(new Sniffed.Other("application/octet-stream"));
        assertThat(MediaSniffer.sniff(padded(unknown), Optional.of("video/x-future")))
                .isEqualTo(new Sniffed.Media(new OutputKind("bin", "video/x-future")));
        assertThat(MediaSniffer.sniff(padded(unknown), Optional.of("binary/octet-stream")))
                .isInstanceOf(Sniffed.Other.class);
    }

    private static Sniffed sniff(String start) {
        return sniff(padded(start));
    }

    private static Sniffed sniff(byte[] bytes) {
        return MediaSniffer.sniff(bytes, Optional.empty());
    }

    private static byte[] padded(String start) {
        byte[] bytes = start.getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.copyOf(bytes, Math.max(bytes.length, 128));
    }
}
