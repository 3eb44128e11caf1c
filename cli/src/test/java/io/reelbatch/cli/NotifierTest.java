package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.cli.local.SqliteJobStore;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.BatchSettings;
import io.reelbatch.domain.job.BatchSettings.OnUnknownSubmit;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.NotifySettings;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.notify.Delivery;
import io.reelbatch.domain.notify.Notice;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Word of a batch whose receiver is not always there, in a time that the test owns. */
class NotifierTest {
    private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");
    private static final String SUMMARY = "{\"total_cost\": 0.08, \"total_jobs\": 2, \"failed\": 0}";

    @TempDir
    private Path folder;

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparing(Task::at));
    private final List<String> sent = new ArrayList<>();
    private Instant now = START;
    private SqliteJobStore store;

    private record Task(Instant at, Runnable action) {}

    @BeforeEach
    void open() throws IOException {
        store = new SqliteJobStore(folder.resolve("jobs.db"), folder.resolve("account.db"));
        store.createBatch(batch());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatIsNotTakenIsSentAgainUnderTheSameIdUntilItIs() {
        Notifier notifier = notifier(notice -> sent.size() < 4 ? later() : new Delivery.Done());

        notifier.batchEnded(batch(), summary());
        runAll();

        assertThat(sent).hasSize(4).containsOnly(sent.get(0));
        assertThat(Duration.between(START, now)).as("5 + 10 + 20 s").hasSeconds(35);
        assertThat(notifier.awaitDelivery(Duration.ofMillis(1))).isEmpty();
    }

    @Test
    void anHourLaterNobodyTriesAnyMoreAndTheBatchSaysSo() {
        Notifier notifier = notifier(notice -> later());

        notifier.batchEnded(batch(), summary());
        runAll();

        assertThat(sent).hasSize(12);
        assertThat(now).isBetween(START.plus(Duration.ofMinutes(50)), START.plus(Duration.ofHours(1)));
        assertThat(notifier.awaitDelivery(Duration.ofMillis(1)))
                .contains("1 notification is not delivered (hooks.example answered 500).");
    }

    @Test
    void aLaterRunSendsWhatWasNotDeliveredAndNothingTwice() {
        Notifier first = notifier(notice -> later());
        first.batchEnded(batch(), summary());
        runAll();
        sent.clear();

        Notifier second = notifier(notice -> new Delivery.Done());
        second.batchEnded(batch(), summary());
        runAll();
        Notifier third = notifier(notice -> new Delivery.Done());
        third.batchEnded(batch(), summary());
        runAll();

        assertThat(sent).hasSize(1);
    }

    @Test
    void nothingIsSentByWhoeverEndsAJob() {
        Notifier notifier = notifier(notice -> {
            throw new AssertionError("sent at once");
        });

        notifier.batchEnded(batch(), summary());

        assertThat(tasks).hasSize(1);
    }

    private static JsonNode summary() {
        try {
            return Json.mapper().readTree(SUMMARY);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Delivery later() {
        return new Delivery.Later("hooks.example answered 500", Optional.empty());
    }

    @FunctionalInterface
    private interface Receiver {
        Delivery take(Notice notice);
    }

    private Notifier notifier(Receiver receiver) {
        return new Notifier(
                store,
                "b-1",
                path -> "out/" + path,
                (settings, notice) -> {
                    sent.add(notice.id());
                    return receiver.take(notice);
                },
                (wait, task) -> tasks.add(new Task(now.plus(wait), task)),
                new TestClock());
    }

    private void runAll() {
        while (!tasks.isEmpty()) {
            Task next = tasks.remove();
            now = next.at();
            next.action().run();
        }
    }

    private static BatchRecord batch() {
        return new BatchRecord(
                "b-1",
                BatchState.FINISHED,
                new BatchSettings(
                        "out",
                        3,
                        Optional.empty(),
                        OnUnknownSubmit.RESUBMIT,
                        ProviderApi.ATLAS,
                        false,
                        Optional.empty(),
                        Optional.of(new NotifySettings("https://hooks.example/in", true, true, Optional.empty()))),
                2,
                new BigDecimal("0.08"),
                List.of(),
                START,
                Optional.of(START),
                Optional.empty(),
                Optional.empty(),
                1);
    }

    private final class TestClock extends Clock {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
