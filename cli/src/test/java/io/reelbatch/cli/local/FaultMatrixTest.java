package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.cli.local.BatchLab.Ran;
import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.cli.simulator.Ledger;
import io.reelbatch.cli.simulator.Occasion;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.store.JobStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every pair of things that can go wrong with a job, over HTTP: what the provider charges in the end, by its own ledger, and
 * what the manifest says of it. The cases are the jobs of two batches, one for each {@code on_unknown_submit}; afterwards
 * both are retried.
 */
@TestInstance(Lifecycle.PER_CLASS)
class FaultMatrixTest {
    private static final BigDecimal PRICE = new BigDecimal("0.04");
    /** After how long a poll hangs. One that is only slow is asked again, and no other request has this time-out. */
    private static final Duration HANGING = Duration.ofSeconds(2);
    /** Jobs under way at once; a hanging poll keeps one busy, not the others. */
    private static final int WORKERS = 24;

    enum Submit {
        OK,
        THROTTLED,
        SERVER_ERROR,
        CONNECTION_REFUSED,
        ANSWER_LOST
    }

    enum Poll {
        OK,
        EARLY_404,
        HTML_502,
        UNKNOWN_WORD,
        HANG
    }

    enum Generation {
        OK,
        FAILED,
        MODERATED,
        ENDLESS
    }

    enum Download {
        OK,
        CUT,
        NOT_FOUND,
        WRONG_LENGTH,
        PRIVATE_REDIRECT
    }

    enum OnUnknown {
        RESUBMIT,
        FAIL
    }

    /** What goes wrong with one job; its text is the job's name and prompt. */
    record Case(Submit submit, Poll poll, Generation generation, Download download, OnUnknown onUnknown) {
        @Override
        public String toString() {
            return (submit + " " + poll + " " + generation + " " + download + " " + onUnknown).toLowerCase(Locale.ROOT);
        }

        private boolean isLost() {
            return submit == Submit.ANSWER_LOST;
        }

        /** The word in the manifest under which it ends; empty for a success. */
        String end() {
            if (isLost() && onUnknown == OnUnknown.FAIL) {
                return Reason.UNKNOWN_SUBMIT.word();
            }
            return endOnceAccepted(download == Download.PRIVATE_REDIRECT);
        }

        /** After a retry: whatever was lost is sent again, and what was redirected is fetched from where it should be. */
        String endOfRetry() {
            boolean firstDownload = end().equals(Reason.UNKNOWN_SUBMIT.word());
            return endOnceAccepted(firstDownload && download == Download.PRIVATE_REDIRECT);
        }

        private String endOnceAccepted(boolean redirected) {
            return switch (generation) {
                case MODERATED -> Reason.MODERATED.word();
                case ENDLESS -> Reason.WAIT_EXPIRED.word();
                case OK, FAILED -> redirected ? Reason.DOWNLOAD_FAILED.word() : "";
            };
        }

        /** How many generations the provider keeps the money for. */
        int charges() {
            boolean sentAgain = isLost() && onUnknown == OnUnknown.RESUBMIT;
            return switch (generation) {
                case MODERATED -> 0;
                case FAILED ->
                    isLost() && !sentAgain ? 0 : 1; // the first one fails, and is sent again where it is known
                case OK, ENDLESS -> sentAgain ? 2 : 1;
            };
        }

        int chargesAfterRetry() {
            boolean sentAgain = isLost() && onUnknown == OnUnknown.FAIL && generation != Generation.MODERATED;
            return charges() + (sentAgain ? 1 : 0);
        }
    }

    /** A job after the run and after the retry. */
    private record Seen(JsonNode job, long charges, JsonNode retried, long chargesAfterRetry) {}

    private final Map<Case, Seen> seen = new LinkedHashMap<>();

    @BeforeAll
    void run(@TempDir Path folder) throws IOException {
        for (OnUnknown policy : OnUnknown.values()) {
            List<Case> cases = cases().filter(one -> one.onUnknown() == policy).toList();
            try (BatchLab lab = lab(folder.resolve(policy.name()), cases)) {
                Ran ran = lab.run(config(policy, cases));
                lab.assertStoredAsServed(ran);
                Map<String, Long> charges = charges(lab);
                Ran retried = lab.retry();
                lab.assertStoredAsServed(retried);
                Map<String, Long> chargesAfterRetry = charges(lab);
                cases.forEach(one -> seen.put(
                        one,
                        new Seen(
                                ran.job(one.toString()),
                                charges.getOrDefault(one.toString(), 0L),
                                retried.job(one.toString()),
                                chargesAfterRetry.getOrDefault(one.toString(), 0L))));
            }
        }
    }

    /** Only what never ends is given up: how slow this machine is decides nothing. */
    private static String config(OnUnknown policy, List<Case> cases) {
        return "max_workers: " + WORKERS + "\n"
                + "on_unknown_submit: " + policy.name().toLowerCase(Locale.ROOT) + "\n"
                + "defaults: {type: image, model: " + BatchLab.FLUX
                + ", width: 64, height: 64, max_queue_wait: 86400}\n"
                + "jobs:\n"
                + cases.stream().map(FaultMatrixTest::job).collect(Collectors.joining());
    }

    private static String job(Case one) {
        int timeout = one.generation() == Generation.ENDLESS ? 300 : 86400;
        return "  - {name: " + one + ", prompt: " + one + ", timeout: " + timeout + "}\n";
    }

    private static BatchLab lab(Path folder, List<Case> cases) throws IOException {
        Map<String, Case> byPrompt = cases.stream().collect(Collectors.toMap(Case::toString, one -> one));
        BatchLab lab = new BatchLab(folder, settings -> settings.withFaults(new Faults(byPrompt)));
        Unreachable unreachable = new Unreachable(lab.client(lab.nowhere(), ProviderApi.ATLAS), byPrompt);
        return lab.withJobStores(unreachable::listening)
                .withProviders(unreachable::before)
                .withPollTimeout(HANGING);
    }

    private static Map<String, Long> charges(BatchLab lab) {
        return lab.simulator().ledger().charges().stream()
                .collect(Collectors.groupingBy(Ledger.Charge::prompt, Collectors.counting()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aJobIsPaidForOnceAndEndsAsItShould(Case one) {
        Seen it = it(one);
        JsonNode job = it.job();

        assertThat(it.charges()).as("charges of %s", job).isEqualTo(one.charges());
        assertThat(job.path("unknown_submits").asInt()).as("%s", job).isEqualTo(one.isLost() ? 1 : 0);
        assertThat(it.charges())
                .isLessThanOrEqualTo(1 + job.path("unknown_submits").asInt());
        assertEnd(job, one.end());
        assertCovered(job, it.charges());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRetryPaysOnlyForWhatWasNeverAcceptedOrFailed(Case one) {
        Seen it = it(one);

        assertThat(it.chargesAfterRetry()).as("charges of %s", it.retried()).isEqualTo(one.chargesAfterRetry());
        assertThat(it.chargesAfterRetry())
                .isLessThanOrEqualTo(1 + it.retried().path("unknown_submits").asInt());
        assertEnd(it.retried(), one.endOfRetry());
        assertCovered(it.retried(), it.chargesAfterRetry());
    }

    private Seen it(Case one) {
        return Optional.ofNullable(seen.get(one)).orElseThrow();
    }

    private static void assertEnd(JsonNode job, String reason) {
        assertThat(job.path("reason").asText("")).as("%s", job).isEqualTo(reason);
        if (reason.isEmpty()) {
            assertThat(job.path("status").asText()).isEqualTo("success");
        } else {
            assertThat(Arrays.stream(Reason.values()).map(Reason::word)).contains(reason);
            assertThat(job.path("error").asText()).as("what people read").hasSizeGreaterThan(20);
        }
    }

    /** The provider never keeps money that the manifest does not show as charged or at risk. */
    private static void assertCovered(JsonNode job, long charges) {
        assertThat(job.path("charged").decimalValue().add(job.path("at_risk").decimalValue()))
                .as("charged and at risk of %s", job)
                .isGreaterThanOrEqualTo(PRICE.multiply(BigDecimal.valueOf(charges)));
    }

    @AfterAll
    @SuppressWarnings("SystemOut") // the table is what it is for
    void printTable() {
        System.out.printf(
                "%-66s | %-16s | %8s %4s | %-15s | %8s %4s%n",
                "submit poll generation download on_unknown_submit",
                "end",
                "expected",
                "seen",
                "after retry",
                "expected",
                "seen");
        seen.forEach((one, it) -> System.out.printf(
                "%-66s | %-16s | %8d %4d | %-15s | %8d %4d%n",
                one,
                end(it.job()),
                one.charges(),
                it.charges(),
                end(it.retried()),
                one.chargesAfterRetry(),
                it.chargesAfterRetry()));
        System.out.printf(
                "%d cases; charges expected %d, seen %d; after the retry expected %d, seen %d%n",
                seen.size(),
                sum(Case::charges),
                seen.values().stream().mapToLong(Seen::charges).sum(),
                sum(Case::chargesAfterRetry),
                seen.values().stream().mapToLong(Seen::chargesAfterRetry).sum());
    }

    private static String end(JsonNode job) {
        return job.path("reason").isNull() ? "stored" : job.path("reason").asText();
    }

    private long sum(Function<Case, Integer> part) {
        return seen.keySet().stream().mapToLong(part::apply).sum();
    }

    /** Few cases in which each pair of faults meets, or with {@code -Dreelbatch.matrix=all} every combination there is. */
    static Stream<Case> cases() {
        return System.getProperty("reelbatch.matrix", "pairs").equals("all")
                ? all().stream()
                : pairwise().stream().sorted(Comparator.comparing(Case::toString));
    }

    /** Of the cases that are left always the one with most pairs that have not met. */
    private static List<Case> pairwise() {
        List<Case> candidates = all();
        Set<String> missing = new HashSet<>();
        candidates.forEach(one -> missing.addAll(pairs(one)));
        List<Case> chosen = new ArrayList<>();
        while (!missing.isEmpty()) {
            Case best = candidates.get(0);
            long most = -1;
            for (Case candidate : candidates) {
                long fresh = pairs(candidate).stream().filter(missing::contains).count();
                if (fresh > most) {
                    best = candidate;
                    most = fresh;
                }
            }
            chosen.add(best);
            missing.removeAll(pairs(best));
        }
        return chosen;
    }

    private static List<Case> all() {
        List<Case> all = new ArrayList<>();
        for (Submit submit : Submit.values()) {
            for (Poll poll : Poll.values()) {
                for (Generation generation : Generation.values()) {
                    for (Download download : Download.values()) {
                        for (OnUnknown policy : OnUnknown.values()) {
                            all.add(new Case(submit, poll, generation, download, policy));
                        }
                    }
                }
            }
        }
        return all;
    }

    private static List<String> pairs(Case one) {
        List<Enum<?>> faults = List.of(one.submit(), one.poll(), one.generation(), one.download(), one.onUnknown());
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < faults.size(); i++) {
            for (int j = i + 1; j < faults.size(); j++) {
                pairs.add(i + " " + faults.get(i) + " " + j + " " + faults.get(j));
            }
        }
        return pairs;
    }

    /** The faults of the provider's side: each hits a job's first request of its kind, moderation and endlessness all. */
    private record Faults(Map<String, Case> byPrompt) implements FaultPlan {
        @Override
        public Optional<Fault> at(Occasion occasion, double chance) {
            Case one = Optional.ofNullable(byPrompt.get(occasion.prompt())).orElseThrow();
            boolean firstJob = occasion.job() == 0;
            boolean firstRequest = occasion.attempt() == 0;
            return switch (occasion.stage()) {
                case SUBMIT -> firstJob ? submit(one.submit()) : Optional.empty();
                case GENERATION_SEEN -> one.poll() == Poll.EARLY_404 ? Optional.of(Fault.POLL_404) : Optional.empty();
                case POLL -> firstRequest ? poll(one.poll()) : Optional.empty();
                case GENERATION -> generation(one.generation(), firstJob);
                case DOWNLOAD -> firstRequest ? download(one.download()) : Optional.empty();
                case CALLBACK -> Optional.empty();
            };
        }

        private static Optional<Fault> submit(Submit submit) {
            return switch (submit) {
                case THROTTLED -> Optional.of(Fault.SUBMIT_429);
                case SERVER_ERROR -> Optional.of(Fault.SUBMIT_500);
                case ANSWER_LOST -> Optional.of(Fault.LOST);
                case OK, CONNECTION_REFUSED -> Optional.empty();
            };
        }

        private static Optional<Fault> poll(Poll poll) {
            return switch (poll) {
                case HTML_502 -> Optional.of(Fault.POLL_502);
                case UNKNOWN_WORD -> Optional.of(Fault.POLL_WORD);
                case HANG -> Optional.of(Fault.POLL_HANG);
                case OK, EARLY_404 -> Optional.empty();
            };
        }

        private static Optional<Fault> generation(Generation generation, boolean first) {
            return switch (generation) {
                case FAILED -> first ? Optional.of(Fault.FAILED) : Optional.empty();
                case MODERATED -> Optional.of(Fault.MODERATED);
                case ENDLESS -> Optional.of(Fault.ENDLESS);
                case OK -> Optional.empty();
            };
        }

        private static Optional<Fault> download(Download download) {
            return switch (download) {
                case CUT -> Optional.of(Fault.DOWNLOAD_CUT);
                case NOT_FOUND -> Optional.of(Fault.DOWNLOAD_404);
                case WRONG_LENGTH -> Optional.of(Fault.DOWNLOAD_SHORT);
                case PRIVATE_REDIRECT -> Optional.of(Fault.DOWNLOAD_REDIRECT);
                case OK -> Optional.empty();
            };
        }
    }

    /** The fault on the way to the provider: a job's first submit goes to where nobody listens. */
    private static final class Unreachable {
        private final ProviderClient nowhere;
        private final Map<String, Case> byPrompt;
        private final Map<String, Integer> refused = new HashMap<>();
        private final ThreadLocal<Optional<String>> sending = ThreadLocal.withInitial(Optional::empty);

        Unreachable(ProviderClient nowhere, Map<String, Case> byPrompt) {
            this.nowhere = nowhere;
            this.byPrompt = byPrompt;
        }

        /** A reservation's thread asks for the provider next, to send. */
        JobStore listening(JobStore store) {
            return new TappedJobStore(store) {
                @Override
                public Written replace(JobRecord next, Spend spend) {
                    boolean send = next.state() == JobState.SUBMITTING;
                    sending.set(send ? Optional.of(next.plan().prompt()) : Optional.empty());
                    return super.replace(next, spend);
                }
            };
        }

        Function<ProviderApi, ProviderClient> before(Function<ProviderApi, ProviderClient> provider) {
            return api -> {
                boolean refuse = sending.get().map(this::isRefused).orElse(false);
                sending.set(Optional.empty());
                return refuse ? nowhere : provider.apply(api);
            };
        }

        private synchronized boolean isRefused(String prompt) {
            Case one = Optional.ofNullable(byPrompt.get(prompt)).orElseThrow();
            return one.submit() == Submit.CONNECTION_REFUSED && refused.merge(prompt, 1, Integer::sum) == 1;
        }
    }
}
