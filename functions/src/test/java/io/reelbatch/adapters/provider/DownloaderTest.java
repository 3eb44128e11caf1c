package io.reelbatch.adapters.provider;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.reelbatch.domain.provider.Download;
import io.reelbatch.domain.provider.OutputKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How outputs are fetched, and what is never fetched. */
@Timeout(30)
class DownloaderTest {
    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");
    private static final OutputKind PNG = new OutputKind("png", "image/png");

    @RegisterExtension
    static final WireMockExtension SERVER = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort().gzipDisabled(true))
            .build();

    private final List<Downloader> downloaders = new ArrayList<>();
    private final ByteArrayOutputStream sink = new ByteArrayOutputStream();

    @AfterEach
    void closeDownloaders() {
        downloaders.forEach(Downloader::close);
    }

    @Test
    void fetchesAnOutputWithItsLengthItsHashAndItsKind() throws Exception {
        byte[] png = png(300_000);
        serves("/1.png", png, "image/png; charset=binary");

        Download download = fetch(url("/1.png"));

        assertThat(download).isEqualTo(new Download.Done(300_000, sha256(png), PNG, Optional.of("image/png")));
        assertThat(sink.toByteArray()).isEqualTo(png);
    }

    @Test
    void sendsNoKeyAndAsksForTheBytesAsTheyAre() throws IOException {
        serves("/1.png", png(100), "image/png");

        fetch(url("/1.png"));

        SERVER.verify(
                1,
                getRequestedFor(urlEqualTo("/1.png"))
                        .withHeader("Authorization", absent())
                        .withHeader("Cookie", absent())
                        .withHeader("Accept-Encoding", equalTo("identity"))
                        .withHeader("User-Agent", matching("reelbatch/.*")));
    }

    @Test
    void bytesThatWerePackedOnTheWayAreNotUnpackedInSecret() throws IOException {
        byte[] gzip = HexFormat.of().parseHex("1f8b080000000000000303000000000000000000");
        SERVER.stubFor(get("/1.png").willReturn(aResponse().withBody(gzip).withHeader("Content-Encoding", "gzip")));

        assertThat(fetch(url("/1.png")))
                .isInstanceOfSatisfying(
                        Download.NotMedia.class,
                        notMedia -> assertThat(notMedia.message()).contains("application/gzip", "20 bytes"));
        assertThat(sink.toByteArray()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html        | <!DOCTYPE html><html><body>Sign in</body></html>",
                "image/png        | <html><body>Not found</body></html>",
                "application/json | {\"error\":\"expired\"}",
                "image/png        | {\"error\":\"expired\"}",
                "image/png        | link expired",
                "application/xml  | <?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
            })
    void aPageOrAMessageIsNoOutput(String type, String body) throws IOException {
        serves("/1.png", body.getBytes(StandardCharsets.UTF_8), type);

        assertThat(fetch(url("/1.png"))).isInstanceOf(Download.NotMedia.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410})
    void anAddressThatIsNoLongerGivenOutIsExpired(int status) throws IOException {
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status)));

        assertThat(fetch(url("/1.png?X-Amz-Signature=secret")))
                .isInstanceOfSatisfying(
                        Download.Expired.class,
                        expired -> assertThat(expired.message())
                                .contains("/1.png", String.valueOf(status))
                                .doesNotContain("secret"));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 206, 408, 429, 500, 502, 503})
    void aServerInTroubleIsAskedAgainLater(int status) throws IOException {
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withHeader("Retry-After", "7")));

        assertThat(fetch(url("/1.png")))
                .isInstanceOfSatisfying(
                        Download.Unavailable.class,
                        unavailable -> assertThat(unavailable.retryAfter()).contains(Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n\u0089PNG and then nothing",
                "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n\u0089PNG \r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
            })
    void aTransferThatBreaksOffIsCut(String answer) throws IOException {
        try (RawServer server = RawServer.sends(answer)) {
            assertThat(fetch(server.url() + "/1.png")).isInstanceOf(Download.Cut.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 9_000, 150_000})
    void aFileThatLacksItsEndIsCutThoughItsAnnouncedLengthIsRight(int length) throws IOException {
        serves("/1.png", Arrays.copyOf(png(300_000), length), "image/png");

        assertThat(fetch(url("/1.png")))
                .isInstanceOfSatisfying(
                        Download.Cut.class, cut -> assertThat(cut.message()).contains("lacks its end"));
    }

    @Test
    void anAnswerWithoutALengthIsWholeIfTheFileIs() throws IOException {
        byte[] png = png(100_000);
        try (RawServer server = new RawServer((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(png, 0, request == 1 ? 50_000 : png.length);
            return false;
        })) {
            assertThat(fetch(server.url() + "/1.png")).isInstanceOf(Download.Cut.class);
            assertThat(fetch(server.url() + "/1.png")).isInstanceOf(Download.Done.class);
        }
    }

    @Test
    void aConnectionThatIsResetIsAskedAgainLater() throws IOException {
        SERVER.stubFor(get("/1.png").willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThat(fetch(url("/1.png"))).isInstanceOf(Download.Unavailable.class);
    }

    @Test
    void aTransferThatTakesTooLongAsAWholeIsCut() throws IOException {
        try (RawServer server = new RawServer((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(' ');
                out.flush();
            }
        })) {
            Download download = downloader(SystemDefaultDnsResolver.INSTANCE, true)
                    .fetch(
                            server.url() + "/1.png",
                            kind -> sink,
                            new Downloader.Limits(1 << 30, Duration.ofMillis(300)));

            assertThat(download)
                    .isInstanceOfSatisfying(
                            Download.Cut.class, cut -> assertThat(cut.message()).contains("300 ms"));
        }
    }

    @Test
    void nothingIsFetchedBeyondTheLimit() throws IOException {
        serves("/1.png", png(5000), "image/png");
        Downloader.Limits limits = new Downloader.Limits(4999, Duration.ofSeconds(10));
        Downloader downloader = downloader(SystemDefaultDnsResolver.INSTANCE, true);

        assertThat(downloader.fetch(url("/1.png"), kind -> sink, limits)).isInstanceOf(Download.TooLarge.class);
        assertThat(sink.size()).isZero();

        // Without a declared length it shows on the way, and an answer without end is left alone.
        byte[] block = new byte[64 << 10];
        try (RawServer server = new RawServer((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(block);
            }
        })) {
            assertThat(downloader.fetch(server.url() + "/1.png", kind -> sink, limits))
                    .isInstanceOf(Download.TooLarge.class);
        }
    }

    @Test
    void aSinkThatTakesNothingIsNotTheServersFault() {
        serves("/1.png", png(5000), "image/png");
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertThatThrownBy(() ->
                        downloader(SystemDefaultDnsResolver.INSTANCE, true).fetch(url("/1.png"), kind -> full))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left on device");
    }

    @Test
    void followsUpToThreeRedirects() throws Exception {
        redirects("/a", "/b");
        redirects("/b", url("/c"));
        redirects("/c", "d/1.png?x=1");
        serves("/d/1.png?x=1", png(100), "image/png");
        redirects("/start", "/a");

        assertThat(fetch(url("/a"))).isInstanceOf(Download.Done.class);
        assertThat(fetch(url("/start")))
                .isInstanceOfSatisfying(
                        Download.Forbidden.class,
                        forbidden -> assertThat(forbidden.message()).contains("more than 3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://10.0.0.1/x",
                "https://169.254.169.254/latest/meta-data/",
                "http://169.254.169.254/latest/meta-data/",
                "http://cdn.example/1.png",
                "https://[fd00:ec2::254]/",
                "file:///etc/passwd",
                "data:image/png;base64,AAAA",
                "mailto:x",
            })
    void aRedirectIsCheckedLikeTheUrlItself(String location) throws IOException {
        redirects("/1.png", location);

        assertThat(fetch(url("/1.png"))).isInstanceOf(Download.Forbidden.class);
    }

    @Test
    void aRedirectWithoutATargetIsTroubleOfTheServer() throws IOException {
        SERVER.stubFor(get("/1.png").willReturn(aResponse().withStatus(302)));

        assertThat(fetch(url("/1.png"))).isInstanceOf(Download.Unavailable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://cdn.example/1.png",
                "ftp://cdn.example/1.png",
                "file:///etc/passwd",
                "//cdn.example/1.png",
                "1.png",
                "",
                "https://",
                "https:///1.png",
                "https://user@cdn.example/1.png",
                "https://user:pw@169.254.169.254/",
                "https://cdn.example:99999999/",
                "https://cdn.example%2f@10.0.0.1/",
                "https://[::1",
                "jar:https://cdn.example/1.png!/x",
            })
    void whatIsNoHttpsUrlIsNeverAskedFor(String url) throws IOException {
        CountingDns dns = new CountingDns("203.0.114.1");

        assertThat(downloader(dns, true).fetch(url, kind -> sink)).isInstanceOf(Download.Forbidden.class);
        assertThat(dns.asked()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.8.9.10",
                "168.63.129.16",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "239.255.255.250",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:a00:1::",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1",
            })
    void anAddressInsideANetworkIsRefusedHoweverItsHostIsCalled(String address) throws Exception {
        Download byName = downloader(new CountingDns(address), true).fetch("https://cdn.example/1.png", kind -> sink);
        assertThat(byName)
                .isInstanceOfSatisfying(
                        Download.Forbidden.class,
                        forbidden -> assertThat(forbidden.message()).contains("not a public address"));

        String literal = address.contains(":") ? "[" + address + "]" : address;
        assertThat(downloader(SystemDefaultDnsResolver.INSTANCE, false)
                        .fetch("https://" + literal + "/1.png", kind -> sink))
                .isInstanceOf(Download.Forbidden.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.9.9.9",
                "100.128.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "64:ff9b::1.1.1.1",
                "2002:101:101::1",
            })
    void anAddressOfThePublicInternetIsNot(String address) throws Exception {
        assertThat(AddressRules.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void oneInnerAddressAmongPublicOnesIsEnoughToRefuse() throws IOException {
        assertThat(downloader(new CountingDns("1.1.1.1", "10.0.0.1"), true)
                        .fetch("https://cdn.example/1.png", kind -> sink))
                .isInstanceOf(Download.Forbidden.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0177.0.0.1",
                "0x7f.0.0.1",
                "0x7f000001",
                "2130706433",
                "017700000001",
                "127.1",
                "10.1",
                "169.254.43518",
                "1.2.3.256",
                "1.2.3.4.5",
                "127.0.0.1.",
                "127.0.0.01",
            })
    void anAddressInAnOddNotationIsRefusedBeforeAnybodyInterpretsIt(String host) throws IOException {
        CountingDns dns = new CountingDns("1.1.1.1");

        assertThat(downloader(dns, true).fetch("https://" + host + "/1.png", kind -> sink))
                .isInstanceOf(Download.Forbidden.class);
        assertThat(dns.asked()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:%d/1.png", "http://localhost:%d/1.png", "http://LOCALHOST:%d/1.png"})
    void thisMachineIsFetchedFromOnlyWhenThatIsAllowed(String template) throws IOException {
        serves("/1.png", png(100), "image/png");
        String url = String.format(template, SERVER.getPort());

        assertThat(downloader(SystemDefaultDnsResolver.INSTANCE, true).fetch(url, kind -> sink))
                .isInstanceOf(Download.Done.class);
        assertThat(downloader(SystemDefaultDnsResolver.INSTANCE, false).fetch(url, kind -> sink))
                .isInstanceOf(Download.Forbidden.class);
    }

    @Test
    void allowingThisMachineOpensNoWayIntoItThroughDns() throws IOException {
        serves("/1.png", png(100), "image/png");
        String url = "https://cdn.example:" + SERVER.getPort() + "/1.png";

        assertThat(downloader(new CountingDns("127.0.0.1"), true).fetch(url, kind -> sink))
                .isInstanceOf(Download.Forbidden.class);
        assertThat(SERVER.getAllServeEvents()).isEmpty();
    }

    @Test
    void aLocalhostThatLeadsElsewhereIsRefused() throws IOException {
        assertThat(downloader(new CountingDns("1.1.1.1"), true).fetch("http://localhost/1.png", kind -> sink))
                .isInstanceOf(Download.Forbidden.class);
    }

    @Test
    void aNameThatResolvesDifferentlyAMomentLaterGainsNothing() throws IOException {
        serves("/1.png", png(100), "image/png");
        String url = "http://localhost:" + SERVER.getPort() + "/1.png";
        // Harmless the first time, and the inside of a network ever after.
        CountingDns dns = new CountingDns("127.0.0.1").then("10.0.0.1");
        Downloader downloader = downloader(dns, true);

        // One lookup for a whole fetch: the connection goes to the address that was checked.
        assertThat(downloader.fetch(url, kind -> sink)).isInstanceOf(Download.Done.class);
        assertThat(dns.asked()).isEqualTo(1);
        assertThat(downloader.fetch(url, kind -> sink)).isInstanceOf(Download.Forbidden.class);
        assertThat(dns.asked()).isEqualTo(2);
    }

    @Test
    void everyFetchGetsAConnectionOfItsOwn() throws IOException {
        // A server that sends more than it declared would otherwise spoil the next answer.
        String body = new String(png(100), StandardCharsets.ISO_8859_1);
        try (RawServer server = new RawServer((request, out) -> {
            out.write((RawServer.answer("200 OK", "", body) + "surplus").getBytes(StandardCharsets.ISO_8859_1));
            return true;
        })) {
            Downloader downloader = downloader(SystemDefaultDnsResolver.INSTANCE, true);

            assertThat(downloader.fetch(server.url() + "/1.png", kind -> sink)).isInstanceOf(Download.Done.class);
            assertThat(downloader.fetch(server.url() + "/1.png", kind -> sink)).isInstanceOf(Download.Done.class);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void urlsNeedNotBeWellFormedToTheLastLetter() throws IOException {
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withBody(png(100))));

        assertThat(fetch(url("/a b/\u00fc|100%/1.png?sig=a+b%2Fc&x={y}"))).isInstanceOf(Download.Done.class);

        SERVER.verify(getRequestedFor(urlEqualTo("/a%20b/%C3%BC%7C100%25/1.png?sig=a+b%2Fc&x=%7By%7D")));
    }

    @Test
    void hostNamesWithUnderscoresAreHostNames() throws IOException {
        CountingDns dns = new CountingDns("10.0.0.1");

        assertThat(downloader(dns, true).fetch("https://my_bucket.s3.example/1.png", kind -> sink))
                .isInstanceOfSatisfying(
                        Download.Forbidden.class,
                        forbidden ->
                                assertThat(forbidden.message()).contains("my_bucket.s3.example leads to 10.0.0.1"));
    }

    @Test
    void aHostNobodyKnowsIsAskedForAgainLater() throws IOException {
        assertThat(downloader(SystemDefaultDnsResolver.INSTANCE, true).fetch("https://cdn.invalid/1.png", kind -> sink))
                .isInstanceOf(Download.Unavailable.class);
    }

    @Test
    void decodesAnOutputThatStandsInTheUrlItself() throws Exception {
        byte[] png = png(100_001);
        String base64 = Base64.getEncoder().encodeToString(png);

        assertThat(fetch("data:image/png;base64," + base64))
                .isEqualTo(new Download.Done(100_001, sha256(png), PNG, Optional.of("image/png")));
        assertThat(sink.toByteArray()).isEqualTo(png);
    }

    @Test
    void decodesEveryUsualFormOfDataUris() throws Exception {
        byte[] png = png(1000);
        List<String> forms = List.of(
                "data:;base64," + Base64.getEncoder().encodeToString(png),
                "DATA:image/png;name=x;base64,"
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(png),
                "data:image/png;base64," + Base64.getMimeEncoder().encodeToString(png),
                "data:image/png;base64,"
                        + Base64.getEncoder()
                                .encodeToString(png)
                                .replace("+", "%2B")
                                .replace("=", "%3D"));
        for (String form : forms) {
            sink.reset();
            assertThat(fetch(form)).isInstanceOf(Download.Done.class);
            assertThat(sink.toByteArray()).isEqualTo(png);
        }

        sink.reset();
        assertThat(fetch("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"))
                .isInstanceOfSatisfying(
                        Download.Done.class,
                        done -> assertThat(done.kind().extension()).isEqualTo("svg"));
        assertThat(sink.toString(StandardCharsets.UTF_8)).isEqualTo("<svg xmlns='http://www.w3.org/2000/svg'/>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"data:image/png;base64", "data:image/png;base64,****", "data:image/png;base64,\u00fc\u00fc"})
    void aMalformedDataUriIsRefused(String url) throws IOException {
        assertThat(fetch(url)).isInstanceOf(Download.Forbidden.class);
    }

    @Test
    void aDataUriHasTheSameLimitAndTheSameCheck() throws IOException {
        String base64 = Base64.getEncoder().encodeToString(png(5000));
        Downloader downloader = downloader(SystemDefaultDnsResolver.INSTANCE, false);

        assertThat(downloader.fetch(
                        "data:image/png;base64," + base64,
                        kind -> sink,
                        new Downloader.Limits(4999, Duration.ofSeconds(1))))
                .isInstanceOf(Download.TooLarge.class);
        assertThat(fetch("data:image/png,hello")).isInstanceOf(Download.NotMedia.class);
        assertThat(fetch("data:,")).isInstanceOf(Download.NotMedia.class);
    }

    private Download fetch(String url) throws IOException {
        return downloader(SystemDefaultDnsResolver.INSTANCE, true).fetch(url, kind -> sink);
    }

    private Downloader downloader(DnsResolver dns, boolean allowLoopback) {
        Downloader.Settings settings = new Downloader.Settings(
                allowLoopback,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                "reelbatch/test",
                Clock.fixed(NOW, ZoneOffset.UTC));
        Downloader downloader = new Downloader(settings, dns);
        downloaders.add(downloader);
        return downloader;
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + SERVER.getPort() + path;
    }

    private static void serves(String path, byte[] body, String type) {
        SERVER.stubFor(get(path).willReturn(aResponse().withBody(body).withHeader("Content-Type", type)));
    }

    private static void redirects(String from, String to) {
        SERVER.stubFor(get(from).willReturn(aResponse().withStatus(302).withHeader("Location", to)));
    }

    /** A PNG of that many bytes: a header, noise in a chunk that programs skip, and the end. */
    private static byte[] png(int length) {
        byte[] noise = new byte[length - 8 - 25 - 12 - 12];
        new Random(length).nextBytes(noise);
        ByteBuffer png = ByteBuffer.allocate(length);
        png.put("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR".getBytes(StandardCharsets.ISO_8859_1))
                .put(new byte[17]);
        png.putInt(noise.length)
                .put("noSe".getBytes(StandardCharsets.ISO_8859_1))
                .put(noise)
                .putInt(0);
        return png.put("\0\0\0\0IEND\u00aeB`\u0082".getBytes(StandardCharsets.ISO_8859_1))
                .array();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** Gives every name the same addresses, and others after the first time if told so. */
    private static final class CountingDns implements DnsResolver {
        private final AtomicInteger asked = new AtomicInteger();
        private final List<String> first;
        private List<String> later;

        CountingDns(String... addresses) {
            this.first = Arrays.asList(addresses);
            this.later = first;
        }

        CountingDns then(String... addresses) {
            later = Arrays.asList(addresses);
            return this;
        }

        int asked() {
            return asked.get();
        }

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            List<String> addresses = asked.getAndIncrement() == 0 ? first : later;
            InetAddress[] found = new InetAddress[addresses.size()];
            for (int i = 0; i < found.length; i++) {
                found[i] = InetAddress.getByAddress(
                        host, InetAddress.getByName(addresses.get(i)).getAddress());
            }
            return found;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
