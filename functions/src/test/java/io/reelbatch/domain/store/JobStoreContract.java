package io.reelbatch.domain.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.plan.ChainPlace;
import io.reelbatch.domain.plan.PlannedJob;
import io.reelbatch.domain.store.JobStore.Spend;
import io.reelbatch.domain.store.JobStore.Written;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link JobStore} must do. An adapter's test extends this; each test has batches of its own. */
public abstract class JobStoreContract {
    private static final int WRITERS = 8;

    private final String batchId = "batch-" + UUID.randomUUID();
    private final List<JobStore> opened = new ArrayList<>();
    private JobStore store;

    /** Opens the store under test, each time with the same records behind it. */
    protected abstract JobStore openStore() throws Exception;

    @BeforeEach
    void open() throws Exception {
        store = openAnother();
    }

    @AfterEach
    void close() {
        opened.forEach(JobStore::close);
    }

    private JobStore openAnother() throws Exception {
        JobStore another = openStore();
        opened.add(another);
        return another;
    }

    @Test
    void aBatchIsCreatedOnce() {
        BatchRecord first = SampleRecords.batch(batchId);

        assertThat(store.createBatch(first)).isTrue();
        assertThat(store.createBatch(SampleRecords.fullBatch(batchId))).isFalse();

        assertThat(store.batch(batchId)).contains(first);
    }

    @Test
    void everyFieldOfABatchComesBack() {
        BatchRecord full = SampleRecords.fullBatch(batchId);

        store.createBatch(full);

        assertThat(store.batch(batchId)).contains(full);
    }

    @Test
    void whatWasNeverWrittenIsAbsent() {
        assertThat(store.batch(batchId)).isEmpty();
        assertThat(store.job(new JobKey(batchId, 0))).isEmpty();
        assertThat(jobs(batchId)).isEmpty();
        assertThat(store.committed(batchId)).isEqualByComparingTo(BigDecimal.ZERO);
    }

    @Test
    void aBatchIsReplacedFromTheVersionBeforeOnly() {
        BatchRecord first = SampleRecords.batch(batchId);
        BatchRecord second = SampleRecords.next(first, "second");
        assertThat(store.replaceBatch(second)).as("there is none yet").isFalse();
        store.createBatch(first);

        assertThat(store.replaceBatch(first)).as("no version is skipped back").isFalse();
        assertThat(store.replaceBatch(SampleRecords.next(second, "too new"))).isFalse();
        assertThat(store.replaceBatch(second)).isTrue();
        assertThat(store.replaceBatch(SampleRecords.next(first, "too late"))).isFalse();

        assertThat(store.batch(batchId)).contains(second);
    }

    @Test
    void aBatchIsListedFromItsCreationUntilItIsFinishedAndAgainWhenItIsTakenUp() {
        BatchRecord created = SampleRecords.batch(batchId);
        BatchRecord other = SampleRecords.batch(batchId + "-2");
        assertThat(unfinished()).isEmpty();

        store.createBatch(other);
        store.createBatch(created);
        assertThat(unfinished()).as("created").containsExactly(batchId, batchId + "-2");
        BatchRecord running = created.running(settings -> settings, Optional.empty());
        store.replaceBatch(running);
        assertThat(unfinished()).as("running").contains(batchId);
        BatchRecord finished = running.finished(SampleRecords.NOW);
        store.replaceBatch(finished);
        assertThat(unfinished()).as("finished").containsExactly(batchId + "-2");
        assertThat(store.replaceBatch(running.finished(SampleRecords.NOW)))
                .as("stale")
                .isFalse();
        store.replaceBatch(finished.running(settings -> settings, Optional.empty()));
        assertThat(unfinished()).as("taken up").contains(batchId);
    }

    /** Other tests have batches in the same store. */
    private List<String> unfinished() {
        return store.unfinishedBatches().stream()
                .filter(id -> id.startsWith(batchId))
                .toList();
    }

    @Test
    void ofEightWhoCreateABatchOneWins() throws Exception {
        List<Boolean> won = Together.run(WRITERS, i -> () -> store.createBatch(SampleRecords.batch(batchId)));

        assertThat(won).containsOnlyOnce(true);
    }

    @Test
    void ofEightWhoReplaceABatchOneWins() throws Exception {
        BatchRecord first = SampleRecords.batch(batchId);
        store.createBatch(first);

        List<Boolean> won =
                Together.run(WRITERS, i -> () -> store.replaceBatch(SampleRecords.next(first, "writer " + i)));

        assertThat(won).containsOnlyOnce(true);
        assertThat(store.batch(batchId)).contains(SampleRecords.next(first, "writer " + won.indexOf(true)));
    }

    @Test
    void everyFieldOfAJobComesBack() {
        JobRecord bare = SampleRecords.job(batchId, 0);
        JobRecord full = SampleRecords.fullJob(batchId, 1);

        store.addJobs(List.of(bare, full));

        assertThat(store.job(bare.key())).contains(bare);
        assertThat(store.job(full.key())).contains(full);
        assertThat(jobs(batchId)).containsExactly(bare, full);
    }

    @Test
    void aJobThatIsUnderWayIsNotPlannedAnew() {
        JobRecord first = SampleRecords.job(batchId, 0);
        JobRecord submitted = SampleRecords.next(first, "submitted");
        JobRecord second = SampleRecords.job(batchId, 1);
        store.addJobs(List.of(first));
        store.replace(submitted, spend("0.04", "1"));

        store.addJobs(List.of(first, second));

        assertThat(store.job(first.key())).contains(submitted);
        assertThat(store.job(second.key())).contains(second);
    }

    @Test
    void halfOfASurrogatePairComesBack() {
        JobRecord cut = SampleRecords.job(batchId, 0, "a cat \ud83d");

        store.addJobs(List.of(cut));

        assertThat(store.job(cut.key())).contains(cut);
    }

    @Test
    void aRecordOf300KilobytesComesBack() {
        JobRecord big = SampleRecords.job(batchId, 0, "x".repeat(300_000));
        JobRecord next = SampleRecords.next(big, "next");

        store.addJobs(List.of(big, SampleRecords.job(batchId, 1, "é".repeat(150_000))));

        assertThat(store.replace(next, Spend.NONE)).isEqualTo(Written.DONE);
        assertThat(store.job(big.key())).contains(next);
        assertThat(jobs(batchId)).hasSize(2);
    }

    @Test
    void aJobIsReplacedFromTheVersionBeforeOnly() {
        JobRecord first = SampleRecords.job(batchId, 0);
        JobRecord second = SampleRecords.next(first, "second");
        assertThat(store.replace(second, Spend.NONE)).as("there is none yet").isEqualTo(Written.STALE);
        store.addJobs(List.of(first));

        assertThat(store.replace(first, Spend.NONE)).isEqualTo(Written.STALE);
        assertThat(store.replace(SampleRecords.next(second, "too new"), Spend.NONE))
                .isEqualTo(Written.STALE);
        assertThat(store.replace(second, Spend.NONE)).isEqualTo(Written.DONE);
        assertThat(store.replace(SampleRecords.next(first, "too late"), Spend.NONE))
                .isEqualTo(Written.STALE);

        assertThat(store.job(first.key())).contains(second);
    }

    @Test
    void theSameRecordWrittenTwiceIsStaleTheSecondTime() {
        JobRecord first = SampleRecords.job(batchId, 0);
        JobRecord second = SampleRecords.next(first, "same");
        store.addJobs(List.of(first));

        assertThat(store.replace(second, spend("0.04", "1"))).isEqualTo(Written.DONE);
        assertThat(store.replace(second, spend("0.04", "1"))).isEqualTo(Written.STALE);

        assertThat(store.committed(batchId)).isEqualByComparingTo("0.04");
    }

    @Test
    void ofEightWhoReplaceAJobOneWinsAndOneSpends() throws Exception {
        JobRecord first = SampleRecords.job(batchId, 0);
        store.addJobs(List.of(first));

        List<Written> results = Together.run(
                WRITERS, i -> () -> store.replace(SampleRecords.next(first, "writer " + i), spend("0.04", "1")));

        assertThat(results).containsOnlyOnce(Written.DONE).containsOnly(Written.DONE, Written.STALE);
        assertThat(store.job(first.key()))
                .contains(SampleRecords.next(first, "writer " + results.indexOf(Written.DONE)));
        assertThat(store.committed(batchId)).isEqualByComparingTo("0.04");
    }

    @Test
    void ofEightWhoWriteTheVerySameRecordOneWins() throws Exception {
        JobRecord first = SampleRecords.job(batchId, 0);
        JobRecord same = SampleRecords.next(first, "same");
        store.addJobs(List.of(first));

        List<Written> results = Together.run(WRITERS, i -> () -> store.replace(same, Spend.NONE));

        assertThat(results).containsOnlyOnce(Written.DONE).containsOnly(Written.DONE, Written.STALE);
    }

    @Test
    void aStaleWriteSpendsNothing() {
        JobRecord first = SampleRecords.job(batchId, 0);
        JobRecord second = SampleRecords.next(first, "second");
        store.addJobs(List.of(first));
        store.replace(second, spend("0.50", "1"));

        assertThat(store.replace(SampleRecords.next(first, "late"), spend("0.10", "1")))
                .isEqualTo(Written.STALE);
        assertThat(store.replace(SampleRecords.next(first, "late, and too dear"), spend("9", "1")))
                .as("stale goes before over budget")
                .isEqualTo(Written.STALE);
        assertThat(store.replace(SampleRecords.next(SampleRecords.job(batchId, 7), "no such job"), spend("0.1", "1")))
                .isEqualTo(Written.STALE);

        assertThat(store.committed(batchId)).isEqualByComparingTo("0.50");
    }

    @Test
    void aBudgetIsUsedUpToItsLastNanoAndNotBeyond() {
        JobRecord job = SampleRecords.job(batchId, 0);
        store.addJobs(List.of(job));
        JobRecord first = SampleRecords.next(job, "0.7");
        JobRecord second = SampleRecords.next(first, "0.3");
        JobRecord third = SampleRecords.next(second, "one nano more");

        assertThat(store.replace(first, spend("0.700000001", "1.00"))).isEqualTo(Written.DONE);
        assertThat(store.replace(second, spend("0.299999999", "1"))).isEqualTo(Written.DONE);
        assertThat(store.replace(third, spend("0.000000001", "1"))).isEqualTo(Written.OVER_BUDGET);

        assertThat(store.job(job.key())).as("nothing is written").contains(second);
        assertThat(store.committed(batchId)).isEqualByComparingTo("1");
    }

    @Test
    void theFirstSpendMayBeTooMuchAlready() {
        JobRecord job = SampleRecords.job(batchId, 0);
        store.addJobs(List.of(job));

        assertThat(store.replace(SampleRecords.next(job, "dear"), spend("1.01", "1")))
                .isEqualTo(Written.OVER_BUDGET);

        assertThat(store.job(job.key())).contains(job);
        assertThat(store.committed(batchId)).isEqualByComparingTo("0");
    }

    @Test
    void whatIsReleasedCanBeSpentAgain() {
        JobRecord job = SampleRecords.job(batchId, 0);
        store.addJobs(List.of(job));
        JobRecord reserved = SampleRecords.next(job, "reserved");
        JobRecord released = SampleRecords.next(reserved, "released");
        store.replace(reserved, spend("1", "1"));

        assertThat(store.replace(released, spend("-0.10", "0.20")))
                .as("a release is never refused")
                .isEqualTo(Written.DONE);
        assertThat(store.replace(SampleRecords.next(released, "again"), spend("0.10", "1")))
                .isEqualTo(Written.DONE);

        assertThat(store.committed(batchId)).isEqualByComparingTo("1");
    }

    @Test
    void manySmallAmountsAddUpExactly() {
        JobRecord job = SampleRecords.job(batchId, 0);
        store.addJobs(List.of(job));
        for (int i = 0; i < 30; i++) {
            job = SampleRecords.next(job, "0.1");
            store.replace(job, new Spend(new BigDecimal("0.1"), Optional.empty()));
        }

        assertThat(store.committed(batchId)).isEqualByComparingTo("3.0");
    }

    @Test
    void eightWhoReserveAtOnceNeverExceedTheBudget() throws Exception {
        List<JobRecord> jobs = IntStream.range(0, WRITERS * 5)
                .mapToObj(i -> SampleRecords.job(batchId, i))
                .toList();
        store.addJobs(jobs);

        List<Integer> reserved = Together.run(WRITERS, writer -> () -> {
            int done = 0;
            for (JobRecord job : jobs.subList(writer * 5, writer * 5 + 5)) {
                boolean written =
                        store.replace(SampleRecords.next(job, "reserved"), spend("0.07", "1.00")) == Written.DONE;
                done += written ? 1 : 0;
            }
            return done;
        });

        // 14 x 0.07 = 0.98; the fifteenth would make it 1.05.
        assertThat(reserved.stream().mapToInt(Integer::intValue).sum()).isEqualTo(14);
        assertThat(store.committed(batchId)).isEqualByComparingTo("0.98");
    }

    @Test
    void nobodyWaitsInVainWhenAllReserveAndReleaseAtOnce() throws Exception {
        store.addJobs(IntStream.range(0, WRITERS)
                .mapToObj(i -> SampleRecords.job(batchId, i))
                .toList());

        List<Boolean> allDone = Together.run(WRITERS, writer -> () -> {
            boolean done = true;
            JobRecord job = SampleRecords.job(batchId, writer);
            for (int i = 0; i < 6; i++) {
                job = SampleRecords.next(job, "round " + i);
                done &= store.replace(job, spend(i % 2 == 0 ? "0.05" : "-0.05", "1")) == Written.DONE;
            }
            return done;
        });

        assertThat(allDone).containsOnly(true);
        assertThat(store.committed(batchId)).isEqualByComparingTo("0");
    }

    @Test
    void anAmountFinerThanANanoIsRefused() {
        assertThatThrownBy(() -> spend("0.0000000001", "1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void batchesDoNotSeeEachOther() {
        List<String> ids = List.of(batchId, batchId + "-2", batchId + "#0", batchId + "%");
        for (String id : ids) {
            store.createBatch(SampleRecords.batch(id));
            store.addJobs(List.of(SampleRecords.job(id, 0), SampleRecords.job(id, 1)));
        }
        JobRecord next = SampleRecords.next(SampleRecords.job(batchId, 1), "next");

        store.replace(next, spend("0.04", "1"));

        assertThat(jobs(batchId)).containsExactly(SampleRecords.job(batchId, 0), next);
        for (String other : ids.subList(1, ids.size())) {
            assertThat(jobs(other)).containsExactly(SampleRecords.job(other, 0), SampleRecords.job(other, 1));
            assertThat(store.committed(other)).isEqualByComparingTo("0");
        }
    }

    @Test
    void thousandsOfJobsComeBackInTheOrderOfTheConfig() {
        List<JobRecord> jobs = IntStream.range(0, 3_001)
                .mapToObj(i -> SampleRecords.job(batchId, i))
                .toList();
        List<JobRecord> shuffled = new ArrayList<>(jobs);
        Collections.shuffle(shuffled, new Random(1));

        store.addJobs(shuffled);

        assertThat(jobs(batchId)).isEqualTo(jobs);
    }

    @Test
    void gapsAndHighIndexesKeepTheOrder() {
        List<JobRecord> jobs = IntStream.of(0, 2, 9, 10, 16, 99, 100, 101, 9_999, 10_000, 99_999, 100_000)
                .mapToObj(i -> SampleRecords.job(batchId, i))
                .toList();

        store.addJobs(jobs);

        assertThat(jobs(batchId)).isEqualTo(jobs);
    }

    @Test
    void planningAgainAfterACrashLeavesOneOfEach() {
        List<JobRecord> jobs = IntStream.range(0, 60)
                .mapToObj(i -> SampleRecords.job(batchId, i))
                .toList();
        store.addJobs(jobs.subList(0, 41));

        store.addJobs(jobs);
        store.addJobs(List.of());

        assertThat(jobs(batchId)).isEqualTo(jobs);
    }

    @Test
    void jobsThatCannotAllBeReadFailTheCaller() {
        Iterable<JobRecord> broken = () -> IntStream.range(0, 10)
                .mapToObj(i -> {
                    if (i == 5) {
                        throw new IllegalStateException("job 5 cannot be planned");
                    }
                    return SampleRecords.job(batchId, i);
                })
                .iterator();

        assertThatThrownBy(() -> store.addJobs(broken)).hasMessage("job 5 cannot be planned");
    }

    @Test
    void visitingJobsMayReadAndWriteThem() {
        store.addJobs(IntStream.range(0, 100)
                .mapToObj(i -> SampleRecords.job(batchId, i))
                .toList());

        store.forEachJob(batchId, job -> {
            JobRecord read = store.job(job.key()).orElseThrow();
            store.replace(SampleRecords.next(read, "visited"), Spend.NONE);
        });

        assertThat(jobs(batchId))
                .hasSize(100)
                .allSatisfy(job -> assertThat(job.outputUrls()).containsExactly("visited"));
    }

    @Test
    void whatTheVisitorThrowsReachesTheCaller() {
        store.addJobs(List.of(SampleRecords.job(batchId, 0), SampleRecords.job(batchId, 1)));

        assertThatThrownBy(() -> store.forEachJob(batchId, job -> {
                    throw new IllegalStateException("visitor failed");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("visitor failed");
    }

    @Test
    void anotherProcessSeesEveryWriteAtOnce() throws Exception {
        JobStore other = openAnother();
        JobRecord first = SampleRecords.job(batchId, 0);
        store.createBatch(SampleRecords.batch(batchId));
        store.addJobs(List.of(first));
        JobRecord second = SampleRecords.next(first, "second");

        assertThat(other.batch(batchId)).isPresent();
        assertThat(other.replace(second, spend("0.04", "1"))).isEqualTo(Written.DONE);
        assertThat(store.job(first.key())).contains(second);
        assertThat(store.committed(batchId)).isEqualByComparingTo("0.04");
    }

    @Test
    void ofEightProcessesOneWins() throws Exception {
        JobRecord first = SampleRecords.job(batchId, 0);
        store.addJobs(List.of(first));
        List<JobStore> processes = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            processes.add(openAnother());
        }

        List<Written> results = Together.run(
                WRITERS,
                i -> () -> processes.get(i).replace(SampleRecords.next(first, "process " + i), spend("0.04", "1")));

        assertThat(results).containsOnlyOnce(Written.DONE).containsOnly(Written.DONE, Written.STALE);
        assertThat(store.committed(batchId)).isEqualByComparingTo("0.04");
    }

    @Test
    void aFactIsWrittenFromTheVersionBeforeOnly() {
        FactKey key = new FactKey(batchId, "upload");
        Fact first = Fact.first(key, Map.of("url", "a"), Optional.empty());
        Fact second = first.next(Map.of("url", "b"), Optional.of(SampleRecords.NOW));
        assertThat(store.fact(key)).isEmpty();
        assertThat(store.putFact(second)).as("there is none yet").isFalse();

        assertThat(store.putFact(first)).isTrue();
        assertThat(store.putFact(first)).as("it exists").isFalse();
        assertThat(store.putFact(second)).isTrue();
        assertThat(store.putFact(first.next(Map.of(), Optional.empty())))
                .as("too late")
                .isFalse();

        assertThat(store.fact(key)).contains(second);
        assertThat(second.expiresAt()).contains(SampleRecords.NOW.truncatedTo(ChronoUnit.SECONDS));
        assertThat(store.putFact(second.next(Map.of("url", SampleRecords.ODD), Optional.empty())))
                .isTrue();
        assertThat(store.fact(key).orElseThrow().expiresAt()).isEmpty();
        assertThat(store.fact(key).orElseThrow().as(JsonNode.class).path("url").asText())
                .isEqualTo(SampleRecords.ODD);
    }

    @Test
    void ofEightWhoWriteAFactOneWins() throws Exception {
        for (String scope : List.of(batchId, FactKey.ACCOUNT)) {
            FactKey key = new FactKey(scope, "race of " + batchId);

            List<Boolean> created =
                    Together.run(WRITERS, i -> () -> store.putFact(Fact.first(key, i, Optional.empty())));
            Fact first = store.fact(key).orElseThrow();
            List<Boolean> replaced = Together.run(WRITERS, i -> () -> store.putFact(first.next(i, Optional.empty())));

            assertThat(created).containsOnlyOnce(true);
            assertThat(first.as(Integer.class)).isEqualTo(created.indexOf(true));
            assertThat(replaced).containsOnlyOnce(true);
            assertThat(store.fact(key).orElseThrow().as(Integer.class)).isEqualTo(replaced.indexOf(true));
        }
    }

    @Test
    void anotherProcessSeesAFactAtOnce() throws Exception {
        JobStore other = openAnother();
        for (String scope : List.of(batchId, FactKey.ACCOUNT)) {
            Fact fact = Fact.first(new FactKey(scope, "seen " + batchId), 1, Optional.empty());

            assertThat(other.putFact(fact)).isTrue();

            assertThat(store.fact(fact.key())).contains(fact);
        }
    }

    @Test
    void factsOfDifferentScopesAndNamesAreApart() {
        List<FactKey> keys = List.of(
                new FactKey(batchId, "a"),
                new FactKey(batchId, "A"),
                new FactKey(batchId, "a "),
                new FactKey(batchId, "BATCH"),
                new FactKey(batchId, SampleRecords.ODD),
                new FactKey(batchId, "e\u0301"),
                new FactKey(batchId, "\u00e9"),
                new FactKey(batchId + "#a", "a"),
                new FactKey(batchId, "#a"),
                FactKey.ofAccount(batchId));
        store.createBatch(SampleRecords.batch(batchId));

        for (int i = 0; i < keys.size(); i++) {
            assertThat(store.putFact(Fact.first(keys.get(i), i, Optional.empty())))
                    .isTrue();
        }

        for (int i = 0; i < keys.size(); i++) {
            assertThat(store.fact(keys.get(i)).orElseThrow().as(Integer.class)).isEqualTo(i);
        }
    }

    @Test
    void aFactNeedsANameThatEveryStoreCanHold() {
        for (String name : List.of("", "x".repeat(513), "\ud83d")) {
            assertThatThrownBy(() -> FactKey.ofAccount(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private List<JobRecord> jobs(String batch) {
        List<JobRecord> jobs = new ArrayList<>();
        store.forEachJob(batch, jobs::add);
        return jobs;
    }

    private static Spend spend(String amount, String limit) {
        return new Spend(new BigDecimal(amount), Optional.of(new BigDecimal(limit)));
    }

    private static PlannedJob needing(int index, boolean chained) {
        return SampleRecords.job("b", index)
                .plan()
                .placed(chained ? Optional.of(new ChainPlace(0, 1)) : Optional.empty(), true);
    }

    /** The sample batch has five workers. */
    private BatchRecord fiveWorkers() {
        BatchRecord batch = SampleRecords.batch(batchId);
        store.createBatch(batch);
        List<JobRecord> jobs = IntStream.range(0, 20)
                .mapToObj(index -> JobRecord.planned(batchId, needing(index, false)))
                .toList();
        store.addJobs(jobs);
        return batch;
    }

    @Test
    void ofEightAtOnceAsManyGetAPermitAsThereAre() throws Exception {
        BatchRecord batch = fiveWorkers();

        List<Integer> waits = Together.run(
                WRITERS, index -> () -> new Permits(store).take(batch, needing(index, false), SampleRecords.NOW));

        assertThat(waits).filteredOn(wait -> wait == 0).hasSize(5);
        assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(0, 60));
    }

    @Test
    void aPermitIsKeptByItsJobAndGivenBackWhenTheJobEnds() {
        BatchRecord batch = fiveWorkers();
        Permits permits = new Permits(store);
        IntStream.range(0, 5).forEach(index -> permits.take(batch, needing(index, false), SampleRecords.NOW));

        assertThat(permits.take(batch, needing(4, false), SampleRecords.NOW)).isZero();
        assertThat(permits.take(batch, needing(5, false), SampleRecords.NOW)).isPositive();

        new Jobs(store).update(new JobKey(batchId, 2), job -> job.failed(Reason.REFUSED, "no", SampleRecords.NOW));

        assertThat(permits.take(batch, needing(5, false), SampleRecords.NOW)).isZero();
        assertThat(permits.take(batch, needing(6, false), SampleRecords.NOW)).isPositive();
    }

    /** A sample job's generation may take 5 minutes, and its download 40 more. */
    @Test
    void aPermitThatNobodyGivesBackEndsByItself() {
        BatchRecord batch = fiveWorkers();
        Permits permits = new Permits(store);
        IntStream.range(0, 5).forEach(index -> permits.take(batch, needing(index, false), SampleRecords.NOW));

        assertThat(permits.take(batch, needing(5, false), SampleRecords.NOW.plusSeconds(44 * 60)))
                .isPositive();
        assertThat(permits.take(batch, needing(5, false), SampleRecords.NOW.plusSeconds(46 * 60)))
                .isZero();
    }

    @Test
    void aJobOfAChainThatWaitsGoesBeforeOthers() {
        BatchRecord batch = fiveWorkers();
        Permits permits = new Permits(store);
        IntStream.range(0, 5).forEach(index -> permits.take(batch, needing(index, false), SampleRecords.NOW));
        assertThat(permits.take(batch, needing(10, true), SampleRecords.NOW)).isPositive();

        permits.release(new JobKey(batchId, 0));

        assertThat(permits.take(batch, needing(5, false), SampleRecords.NOW)).isPositive();
        assertThat(permits.take(batch, needing(10, true), SampleRecords.NOW)).isZero();
    }

    @Test
    void aBatchThatIsTakenUpAgainHasAllItsPermits() {
        BatchRecord batch = fiveWorkers();
        Permits permits = new Permits(store);
        IntStream.range(0, 5).forEach(index -> permits.take(batch, needing(index, false), SampleRecords.NOW));

        permits.clear(batch);

        assertThat(permits.take(batch, needing(7, false), SampleRecords.NOW)).isZero();
    }
}
