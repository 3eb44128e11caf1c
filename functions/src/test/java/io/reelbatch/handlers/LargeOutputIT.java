package io.reelbatch.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.json.Json;
import io.reelbatch.handlers.LambdaProcess.Answer;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An output larger than the memory of the function that fetches it. {@code -Dreelbatch.largeOutput=1000000000} for 1 GB. */
@UsesDynamoDbLocal
class LargeOutputIT {
    private static final int PIECE = 1 << 20;
    private static final long BYTES = Long.getLong("reelbatch.largeOutput", 300L << 20);
    private static final String CONFIG =
            "jobs: [{name: Hero, type: image, prompt: A lighthouse, model: black-forest-labs/flux-2-pro/text-to-image}]";

    private final Emulators emulators;

    @TempDir
    Path folder;

    LargeOutputIT(Emulators emulators) {
        this.emulators = emulators;
    }

    /** A picture with much in it that no viewer shows. */
    private static void picture(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "image/png");
        exchange.sendResponseHeaders(200, 0);
        try (exchange;
                DataOutputStream out = new DataOutputStream(exchange.getResponseBody())) {
            out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
            chunk(out, "IHDR", new byte[] {0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0});
            byte[] piece = new byte[PIECE];
            for (long sent = 0; sent < BYTES; sent += PIECE) {
                chunk(out, "fiLl", piece);
            }
            chunk(out, "IDAT", new byte[] {0x78, (byte) 0x9c, 0x63, 0, 0, 0, 2, 0, 1});
            chunk(out, "IEND", new byte[0]);
        }
    }

    private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }

    @Test
    void itIsFetchedWithAHeapOf256Megabytes() throws Exception {
        HttpServer files = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        files.createContext("/", LargeOutputIT::picture);
        files.start();
        String server = "http://127.0.0.1:" + files.getAddress().getPort();
        try (Lab lab = new Lab(emulators, URI.create(server + "/api/v1"))) {
            generated(lab, server + "/a.png");
            Map<String, String> environment = new HashMap<>(emulators.environment());
            environment.put("REELBATCH_TABLE", lab.bucket);
            environment.put("REELBATCH_BUCKET", lab.bucket);
            environment.put("ATLASCLOUD_BASE_URL", server + "/api/v1");
            try (LambdaProcess download = new LambdaProcess(
                    "io.reelbatch.handlers.DownloadOutput::handleRequest",
                    environment,
                    folder.resolve("download.log"),
                    "-Xmx256m")) {
                Answer answer = download.invoke("{\"batchId\":\"large\",\"job\":0}", Duration.ofMinutes(15));
                assertThat(answer.failed()).as(answer.body() + download.log()).isFalse();
            }
            JobRecord job = lab.parts.jobs().read(new JobKey("large", 0));
            assertThat(job.state()).as(job.toString()).isEqualTo(JobState.STORED);
            assertThat(job.outputs().get(0).bytes()).isGreaterThan(BYTES);
        } finally {
            files.stop(0);
        }
    }

    private static void generated(Lab lab, String url) throws IOException {
        lab.put("batches/large/config.yaml", CONFIG);
        ObjectNode input = Json.mapper().createObjectNode().put("batchId", "large");
        lab.call(new PlanBatch(lab.parts), input.put("configUri", "s3://" + lab.bucket + "/batches/large/config.yaml"));
        Instant now = lab.clock.instant();
        lab.parts
                .jobs()
                .update(
                        new JobKey("large", 0),
                        job -> job.sending(job.plan().price(), now, now.plusSeconds(90))
                                .accepted(1, Optional.of("p1"), Optional.empty(), now)
                                .generated(1, List.of(url), Optional.empty(), now));
    }
}
