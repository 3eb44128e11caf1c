package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code max_download}, over HTTP. */
class DownloadLimitTest {
    private static final long LIMIT = 3_000_000;

    private final CompletableFuture<Long> served = new CompletableFuture<>();

    @TempDir
    private Path folder;

    @Test
    void aStreamWithoutEndIsGivenUpAtTheLimitAndNothingOfItIsStored() throws Exception {
        HttpServer endless =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        endless.createContext("/", this::serveForEver);
        endless.start();
        try (ScriptedProvider provider = new ScriptedProvider();
                BatchLab lab = new BatchLab(folder.resolve("out"))) {
            provider.accepting()
                    .completing("http://127.0.0.1:" + endless.getAddress().getPort() + "/a.png");
            JsonNode job = lab.against(provider.baseUrl())
                    .run("max_download: 3MB\n" + BatchLab.pictures("a"))
                    .job("a");

            assertThat(job.path("reason").asText()).isEqualTo("download_failed");
            assertThat(job.path("error").asText()).contains("longer than the limit of 3000000 bytes", "--max-download");
            assertThat(job.path("charged").decimalValue()).isEqualByComparingTo("0.04");
            assertThat(provider.count("POST")).isOne();
            assertThat(served.join()).isGreaterThan(LIMIT);
            assertThat(longFiles()).isEmpty();
        } finally {
            endless.stop(0);
        }
    }

    /** A picture's start and no end, for as long as somebody listens; then says how much was sent. */
    private void serveForEver(HttpExchange exchange) throws IOException {
        long sent = 0;
        exchange.getResponseHeaders().set("Content-Type", "image/png");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(ScriptedProvider.PIXEL, 0, 33);
            while (true) {
                out.write(new byte[64 << 10]);
                sent += 64 << 10;
            }
        } catch (IOException hungUp) {
            served.complete(sent);
        }
    }

    private List<Path> longFiles() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() >= 64 << 10)
                    .filter(file -> !file.getFileName().toString().contains(".db"))
                    .toList();
        }
    }
}
