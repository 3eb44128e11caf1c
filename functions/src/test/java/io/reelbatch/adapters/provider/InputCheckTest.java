package io.reelbatch.adapters.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.adapters.provider.InputCheck.Checked;
import io.reelbatch.domain.planning.InputFinder.Found;
import io.reelbatch.domain.provider.OutputKind;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be an input image. */
class InputCheckTest {
    @Test
    void anImageIsKnownByItsBytes() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", png);

        Checked checked = InputCheck.check(new ByteArrayInputStream(png.toByteArray()));

        assertThat(checked).isInstanceOfSatisfying(Checked.Image.class, image -> {
            assertThat(image.kind()).isEqualTo(new OutputKind("png", "image/png"));
            assertThat(image.bytes()).isEqualTo(png.size());
            assertThat(image.sha256()).matches("[0-9a-f]{64}");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a note", "%PDF-1.7 and more", "\u0000\u0000\u0000\u0018ftypisom"})
    void anythingElseIsRefused(String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);

        assertThat(InputCheck.check(new ByteArrayInputStream(bytes)))
                .isInstanceOfSatisfying(
                        Checked.Unusable.class,
                        unusable -> assertThat(unusable.why()).startsWith("is not an image: its bytes are "));
    }

    @Test
    void whatIsLargerThanTheProviderTakesIsRefusedWithoutReadingItAll() throws IOException {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return length;
            }
        };

        assertThat(InputCheck.check(endless))
                .isEqualTo(new Checked.Unusable("is larger than the 50 MB that the provider takes"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/a.png",
                "HTTPS://cdn.example.com:8443/a%20b.png?sig=%2F",
                "https://8.8.8.8/a.png",
                "https://[2606:4700::1111]/a.png"
            })
    void aPublicAddressPassesThrough(String url) {
        assertThat(InputCheck.address(url)).contains(new Found.Address(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/a.png",
                "ftp://example.com/a.png",
                "file:///etc/passwd",
                "data:image/png;base64,AAAA",
                "https://localhost/a.png",
                "https://127.0.0.1/a.png",
                "https://10.1.2.3/a.png",
                "https://192.168.0.1/a.png",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]/a.png",
                "https://[fe80::1]/a.png",
                "https://[::ffff:10.0.0.1]/a.png",
                "https://2130706433/a.png",
                "https://0x7f.1/a.png",
                "https://intranet/a.png",
                "https://files.internal/a.png",
                "https://printer.local/a.png",
                "https://user:secret@example.com/a.png",
                "https:///a.png"
            })
    void anAddressThatTheProviderCannotFetchIsRefused(String url) {
        assertThat(InputCheck.address(url))
                .hasValueSatisfying(found -> assertThat(found).isInstanceOf(Found.Unusable.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.png", "../in/a.png", "/tmp/a.png", "C:\\in\\a.png", "in/a:b.png", "s3://bucket/a.png"})
    void aPathIsNoAddress(String path) {
        assertThat(InputCheck.address(path)).isEmpty();
    }
}
