package io.reelbatch.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.BatchSettings;
import io.reelbatch.domain.job.BatchSettings.OnUnknownSubmit;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledProcessTest {
    private static final String BATCH = "b1";
    private static final String KEY = "batches/b1/manifest.json";
    private static final int OBJECT_BYTES = 300_000;

    @TempDir
    Path folder;

    @Test
    void losesNothingThatWasReturnedFromAndLeavesNothingHalf() throws Exception {
        long acknowledged = killAfter(20);

        try (SqliteJobStore jobs = new SqliteJobStore(folder.resolve("jobs.db"), folder.resolve("account.db"));
                FileObjectStore objects = new FileObjectStore(folder, BATCH);
                InputStream in = objects.read(KEY)) {
            assertThat(jobs.batch(BATCH).orElseThrow().version()).isGreaterThanOrEqualTo(acknowledged);
            String text = new String(in.readAllBytes(), UTF_8);
            long written = Long.parseLong(text.substring(0, text.indexOf(' ')));
            assertThat(written).isGreaterThanOrEqualTo(acknowledged);
            assertThat(text).isEqualTo(Writer.object(written));
            assertThat(folder.resolve(".reelbatch/tmp")).isEmptyDirectory();
        }
    }

    /** Kills a writing process after so many acknowledged rounds; gives the last round it acknowledged. */
    private long killAfter(int rounds) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Writer.class.getName(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long last = 0;
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = Long.parseLong(line);
                if (last == rounds) {
                    process.toHandle().destroyForcibly();
                }
            }
        }
        process.waitFor();
        assertThat(last).as("rounds before the kill").isGreaterThanOrEqualTo(rounds);
        return last;
    }

    /** Writes a record and an object, says so, and so on until it is killed. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            Files.createDirectories(folder);
            try (SqliteJobStore jobs = new SqliteJobStore(folder.resolve("jobs.db"), folder.resolve("account.db"));
                    FileObjectStore objects = new FileObjectStore(folder, BATCH)) {
                jobs.createBatch(batch(1));
                for (long round = 2; ; round++) {
                    jobs.replaceBatch(batch(round));
                    try (ObjectWriter writer = objects.write(KEY, "application/json")) {
                        writer.write(object(round).getBytes(UTF_8));
                        writer.commit();
                    }
                    System.out.println(round);
                }
            }
        }

        static String object(long round) {
            return (round + " ").repeat(OBJECT_BYTES / 2);
        }

        private static BatchRecord batch(long version) {
            return new BatchRecord(
                    BATCH,
                    BatchState.RUNNING,
                    new BatchSettings(
                            "out",
                            1,
                            Optional.empty(),
                            OnUnknownSubmit.FAIL,
                            ProviderApi.ATLAS,
                            false,
                            Optional.empty()),
                    1,
                    BigDecimal.ONE,
                    List.of(),
                    Instant.EPOCH,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    version);
        }
    }
}
