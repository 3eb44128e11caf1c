package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.store.JobStore.Spend;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.store.Jobs.Change;
import io.reelbatch.domain.store.Jobs.Outcome;
import io.reelbatch.domain.store.SampleRecords;
import io.reelbatch.errors.StoreException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of records on a real store: what they book, and what becomes of those that come at the same moment. */
class JobsTest {
    private static final String BATCH = "b1";
    private static final JobKey JOB = new JobKey(BATCH, 0);
    private static final BigDecimal PRICE = new BigDecimal("0.04");
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final Instant LEASE = NOW.plusSeconds(120);
    private static final Optional<BigDecimal> NO_BUDGET = Optional.empty();

    @TempDir
    private Path folder;

    private SqliteJobStore store;
    private Jobs jobs;

    @BeforeEach
    void plan() {
        store = new SqliteJobStore(folder.resolve("jobs.db"), folder.resolve("account.db"));
        jobs = new Jobs(store);
        store.createBatch(SampleRecords.batch(BATCH));
        store.addJobs(IntStream.range(0, 10)
                .mapToObj(index -> SampleRecords.job(BATCH, index))
                .toList());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Change reserve(JobKey key, Optional<BigDecimal> budget) {
        return jobs.reserve(key, job -> job.state() == JobState.PLANNED, job -> job.sending(PRICE, NOW, LEASE), budget);
    }

    private BigDecimal committed() {
        return store.committed(BATCH);
    }

    @Test
    void aReservationIsBookedWithTheRecord() {
        Change change = reserve(JOB, NO_BUDGET);

        assertThat(change.outcome()).isEqualTo(Outcome.DONE);
        assertThat(change.record().version()).isEqualTo(2);
        assertThat(jobs.read(JOB)).isEqualTo(change.record());
        assertThat(committed()).isEqualByComparingTo("0.04");
    }

    @Test
    void whatIsBookedFollowsTheLedger() {
        reserve(JOB, NO_BUDGET);
        jobs.update(JOB, job -> job.lost(1, "cut", NOW));
        assertThat(committed()).as("at risk").isEqualByComparingTo("0.04");
        jobs.update(JOB, job -> job.sending(PRICE, NOW, LEASE));
        assertThat(committed()).as("at risk and reserved").isEqualByComparingTo("0.08");
        jobs.update(JOB, job -> job.accepted(2, Optional.of("p2"), Optional.empty(), NOW));
        jobs.update(JOB, job -> job.generated(2, List.of(), Optional.of(new BigDecimal("0.03")), NOW));
        assertThat(committed()).as("at risk and charged as settled").isEqualByComparingTo("0.07");
        jobs.update(JOB, job -> job.accepted(1, Optional.of("p1"), Optional.empty(), NOW));
        jobs.update(JOB, job -> job.generationFailed(1, "no GPU", NOW));
        assertThat(committed()).as("the late one failed").isEqualByComparingTo("0.03");
    }

    @Test
    void whatWasNotAcceptedIsReleased() {
        reserve(JOB, NO_BUDGET);
        jobs.update(JOB, job -> job.putOff(1));
        assertThat(committed()).as("throttled").isZero();
        reserve(JOB, NO_BUDGET);
        jobs.update(JOB, job -> job.refused(1, "HTTP 500", NOW));
        assertThat(committed()).as("refused").isZero();
    }

    @Test
    void failingAndReopeningBooksNothingTwice() {
        reserve(JOB, NO_BUDGET);
        jobs.update(JOB, job -> job.accepted(1, Optional.of("p1"), Optional.empty(), NOW));
        jobs.update(JOB, job -> job.failed(Reason.WAIT_EXPIRED, "still running", NOW));
        assertThat(committed()).as("at risk").isEqualByComparingTo("0.04");
        jobs.update(JOB, job -> job.reopened(NOW));
        assertThat(committed()).as("reserved again").isEqualByComparingTo("0.04");
    }

    @Test
    void aReservationOverTheBudgetWritesNothing() {
        Optional<BigDecimal> budget = Optional.of(new BigDecimal("0.05"));
        reserve(JOB, budget);
        JobKey other = new JobKey(BATCH, 1);
        Change change = reserve(other, budget);

        assertThat(change.outcome()).isEqualTo(Outcome.OVER_BUDGET);
        assertThat(change.record().state()).isEqualTo(JobState.PLANNED);
        assertThat(jobs.read(other)).isEqualTo(SampleRecords.job(BATCH, 1));
        assertThat(committed()).isEqualByComparingTo("0.04");
    }

    @Test
    void theBudgetMayBeUsedToTheLastCent() {
        assertThat(reserve(JOB, Optional.of(PRICE)).outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void aReleaseIsBookedEvenWhereTheBudgetIsExceededAlready() {
        reserve(JOB, NO_BUDGET);
        Change change = jobs.reserve(JOB, job -> true, job -> job.putOff(1), Optional.of(BigDecimal.ZERO));

        assertThat(change.outcome()).isEqualTo(Outcome.DONE);
        assertThat(committed()).isZero();
    }

    @Test
    void aConditionThatDoesNotHoldWritesNothing() {
        Change change = jobs.updateIf(JOB, job -> false, job -> job.sending(PRICE, NOW, LEASE));

        assertThat(change.outcome()).isEqualTo(Outcome.NOT_NOW);
        assertThat(change.record()).isEqualTo(SampleRecords.job(BATCH, 0));
        assertThat(jobs.read(JOB).version()).isOne();
    }

    @Test
    void aChangeThatChangesNothingWritesNothing() {
        assertThat(jobs.update(JOB, job -> job).version()).isOne();
        assertThat(jobs.read(JOB).version()).isOne();
    }

    @Test
    void whoeverIsSlowerIsAskedAgainWithWhatTheFasterWrote() {
        reserve(JOB, NO_BUDGET);
        AtomicInteger asked = new AtomicInteger();
        JobRecord written = jobs.update(JOB, job -> {
            if (asked.getAndIncrement() == 0) {
                jobs.update(JOB, other -> other.lost(1, "lease over", NOW));
            }
            return job.accepted(1, Optional.of("p1"), Optional.empty(), NOW);
        });

        assertThat(asked).hasValue(2);
        assertThat(written.state()).isEqualTo(JobState.SUBMITTED);
        assertThat(written.version()).isEqualTo(4);
        assertThat(written.attempts()).hasSize(1);
        assertThat(committed()).isEqualByComparingTo("0.04");
    }

    @Test
    void aRecordThatNeverRestsIsAnErrorNotAnEndlessLoop() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> jobs.update(JOB, job -> {
                    store.replace(
                            job.waited(List.of((int) job.version()), Optional.empty())
                                    .numbered(job.version() + 1),
                            Spend.NONE);
                    return job.sending(PRICE, NOW, LEASE);
                }))
                .withMessageContaining("b1/0");
        assertThat(committed()).isZero();
    }

    @Test
    void aMissingRecordIsNamed() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> jobs.read(new JobKey(BATCH, 99)))
                .withMessageContaining("b1/99");
    }

    @Test
    void ofEightThatReserveTheSameJobOneSends() throws Exception {
        List<Change> changes = together(8, writer -> reserve(JOB, NO_BUDGET));

        assertThat(changes).extracting(Change::outcome).containsOnlyOnce(Outcome.DONE);
        assertThat(changes).extracting(Change::outcome).doesNotContain(Outcome.OVER_BUDGET);
        assertThat(jobs.read(JOB).attempts()).hasSize(1);
        assertThat(committed()).isEqualByComparingTo("0.04");
    }

    @Test
    void reservationsAtTheSameMomentNeverExceedTheBudgetTogether() throws Exception {
        Optional<BigDecimal> budget = Optional.of(new BigDecimal("0.22")); // room for 5 of the 10 jobs
        List<Change> changes = together(10, writer -> reserve(new JobKey(BATCH, writer), budget));

        assertThat(changes)
                .filteredOn(change -> change.outcome() == Outcome.DONE)
                .hasSize(5);
        assertThat(changes)
                .filteredOn(change -> change.outcome() == Outcome.OVER_BUDGET)
                .hasSize(5);
        assertThat(committed()).isEqualByComparingTo("0.20");
    }

    @Test
    void changesAtTheSameMomentAreAllKeptAndBookedOnce() throws Exception {
        reserve(JOB, NO_BUDGET);
        List<JobRecord> written = together(8, writer -> {
            JobRecord sent = jobs.update(JOB, job -> job.sending(PRICE, NOW, LEASE));
            int own = sent.lastAttempt().number();
            return jobs.update(JOB, job -> job.lost(own, "cut", NOW));
        });

        assertThat(written).hasSize(8);
        JobRecord last = jobs.read(JOB);
        assertThat(last.attempts()).hasSize(9);
        assertThat(last.count(AttemptState.UNKNOWN)).isEqualTo(8);
        assertThat(last.version()).isEqualTo(2 + 2 * 8);
        assertThat(committed()).isEqualByComparingTo("0.36");
    }

    @FunctionalInterface
    private interface Writer<T> {
        T write(int number);
    }

    private static <T> List<T> together(int writers, Writer<T> writer) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            List<Callable<T>> tasks = IntStream.range(0, writers)
                    .<Callable<T>>mapToObj(number -> () -> writer.write(number))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> result : pool.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}
