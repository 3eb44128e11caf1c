package io.reelbatch.cli.local;

import io.reelbatch.cli.local.VirtualBatch.Ran;
import io.reelbatch.cli.simulator.Ledger;
import io.reelbatch.cli.simulator.Limits;
import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.pace.PollSchedule;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Prints what polling and throttling cost, in virtual time: {@code benchmarks/polling}, {@code benchmarks/ratelimit}. */
final class PaceBenchmark {
    static final String FLUX = "black-forest-labs/flux-2-pro/text-to-image";
    static final String SEEDANCE = "bytedance/seedance-v1.5-pro/text-to-video";
    static final String VEO = "google/veo3.1/text-to-video";
    static final String SORA = "openai/sora-v2/text-to-video";

    private static final List<String> MODELS = List.of(FLUX, SEEDANCE, VEO, SORA);

    private PaceBenchmark() {}

    public static void main(String[] args) throws IOException {
        Path memory = Path.of("/dev/shm");
        Path home = Files.isDirectory(memory)
                ? Files.createTempDirectory(memory, "reelbatch")
                : Files.createTempDirectory("reelbatch");
        try {
            if (args[0].equals("polling")) {
                polling(System.out, home.resolve("polled"), Integer.parseInt(args[1]));
                calledBack(System.out, home.resolve("called-back"), Integer.parseInt(args[1]));
            } else {
                rateLimit(System.out, home, Integer.parseInt(args[1]));
            }
        } finally {
            delete(home);
        }
    }

    private static void delete(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A batch of one model. */
    static String config(String model, int jobs, int workers) {
        String type = model.endsWith("image") ? "image" : "video";
        return "max_workers: " + workers + "\ndefaults: {type: " + type + ", model: " + model + "}\njobs:\n"
                + IntStream.range(0, jobs)
                        .mapToObj(i -> "  - {name: Job " + i + ", prompt: Number " + i + "}\n")
                        .collect(Collectors.joining());
    }

    /** The mix of examples/weekly.yaml. */
    static String weekly(int workers) {
        return "max_workers: " + workers + "\njobs:\n"
                + IntStream.range(0, 15)
                        .mapToObj(i -> "  - {name: Job " + i + ", prompt: Number " + i + ", type: "
                                + (i < 10 ? "image, model: " + FLUX : "video, model: " + SEEDANCE) + "}\n")
                        .collect(Collectors.joining());
    }

    /**
     * Calls a job, and mean seconds from ready to noticed.
     *
     * @param calls polls only
     */
    record Cost(double calls, double delay) {
        private static Cost of(List<Double> times, IntUnaryOperator waits) {
            double calls = 0;
            double delay = 0;
            for (double time : times) {
                double elapsed = 0;
                for (int poll = 0; elapsed < time; poll++) {
                    elapsed += waits.applyAsInt(poll);
                    calls++;
                }
                delay += elapsed - time;
            }
            return new Cost(calls / times.size(), delay / times.size());
        }

        private static Cost of(Ran ran, Ledger ledger) {
            double delay = ran.jobs().stream()
                    .mapToDouble(job -> delay(job, ran, ledger))
                    .average()
                    .orElseThrow();
            return new Cost(ledger.polls() / (double) ran.jobs().size(), delay);
        }

        private static double delay(JobRecord job, Ran ran, Ledger ledger) {
            String id = job.current().flatMap(Attempt::predictionId).orElseThrow();
            Instant ready = ledger.entry(id).orElseThrow().prediction().readyAt();
            Instant noticed =
                    Objects.requireNonNull(ran.noticed().get(job.plan().index()));
            return Duration.between(ready, noticed).toMillis() / 1000.0;
        }
    }

    /** What one model's generations cost under each schedule. */
    record Polling(String model, Cost ours, Cost tutorial, Cost fixed, double transitions) {
        double calls() {
            return ours.calls / tutorial.calls;
        }

        double delay() {
            return ours.delay / tutorial.delay;
        }
    }

    /** Runs a batch of one model on an account that knows nothing yet but the catalog. */
    static Polling polling(Path home, String model, int jobs) throws IOException {
        try (VirtualBatch batch = new VirtualBatch(home, settings -> settings)) {
            Ran ran = batch.run("polling", config(model, jobs, 20));
            List<Double> times = batch.ledger().entries().stream()
                    .map(entry -> entry.prediction().generationTime().toMillis() / 1000.0)
                    .toList();
            Cost tutorial =
                    Cost.of(times, poll -> PollSchedule.TUTORIAL.next(Duration.ZERO, Collections.nCopies(poll, 1)));
            double transitions = ran.transitions() / (double) jobs;
            return new Polling(model, Cost.of(ran, batch.ledger()), tutorial, Cost.of(times, poll -> 5), transitions);
        }
    }

    /**
     * What one model's generations cost where the provider calls back.
     *
     * @param cost polls a job, and seconds from ready to noticed
     * @param submits a job
     */
    record CalledBack(String model, Cost cost, double submits, double transitions) {
        /** Submits and polls a job. */
        double calls() {
            return submits + cost.calls;
        }

        double delay() {
            return cost.delay;
        }

        private String line() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %.2f s | %.1f |",
                    model,
                    calls(),
                    cost.calls,
                    cost.delay,
                    transitions);
        }
    }

    /** The same batch where the provider calls back. */
    static CalledBack calledBack(Path home, String model, int jobs) throws IOException {
        try (VirtualBatch batch = new VirtualBatch(home, settings -> settings).withWebhooks()) {
            Ran ran = batch.run("called-back", config(model, jobs, 20));
            double submits = batch.ledger().submits().size() / (double) jobs;
            return new CalledBack(model, Cost.of(ran, batch.ledger()), submits, ran.transitions() / (double) jobs);
        }
    }

    private static void calledBack(PrintStream out, Path home, int jobs) throws IOException {
        out.println("\nThe same, called back");
        out.println("| model | calls a job, its submit included | polls | from ready to noticed | transitions a job |");
        out.println("|---|---|---|---|---|");
        for (String model : MODELS) {
            out.println(calledBack(home.resolve(model.replace('/', '_')), model, jobs)
                    .line());
        }
    }

    private static void polling(PrintStream out, Path home, int jobs) throws IOException {
        out.println(
                jobs + " jobs a model, 20 workers, seed 1, virtual time; calls a job / mean s from ready to noticed");
        out.println(
                "| model | ours | tutorial's | fixed 5 s | ideal | calls, ours / tutorial's | delay | transitions a job |");
        out.println("|---|---|---|---|---|---|---|---|");
        for (String model : MODELS) {
            Polling cost = polling(home.resolve(model.replace('/', '_')), model, jobs);
            out.printf(
                    Locale.ROOT,
                    "| %s | %.2f / %.1f | %.2f / %.1f | %.2f / %.1f | 1.00 / 0.0 | %.2f | %.2f | %.1f |%n",
                    model,
                    cost.ours.calls,
                    cost.ours.delay,
                    cost.tutorial.calls,
                    cost.tutorial.delay,
                    cost.fixed.calls,
                    cost.fixed.delay,
                    cost.calls(),
                    cost.delay(),
                    cost.transitions);
        }
    }

    /** How a limited batch went. */
    record Throttled(String what, int stored, double refusedShare, double makespan, double ideal) {
        double ratio() {
            return makespan / ideal;
        }

        private String line() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %.2f %% | %.0f s | %.0f s | %.3f |",
                    what,
                    stored,
                    refusedShare * 100,
                    makespan,
                    ideal,
                    ratio());
        }
    }

    /** Images against a token bucket. The ideal submits whenever there is a token, and notices each end at once. */
    static Throttled tokenBucket(Path home, String id, int jobs, int workers, int rate, int burst) throws IOException {
        try (VirtualBatch batch = new VirtualBatch(
                home, settings -> settings.withLimits(Limits.none().withRate(rate, burst)))) {
            Ran ran = batch.run(id, config(FLUX, jobs, workers));
            List<Double> times = batch.ledger().entries().stream()
                    .map(entry -> entry.prediction().generationTime().toMillis() / 1000.0)
                    .toList();
            double ideal = 0;
            for (int i = 0; i < jobs; i++) {
                ideal = Math.max(ideal, Math.max(0, i - burst + 1) / (double) rate + times.get(i));
            }
            String what = jobs + " images, " + workers + " workers, " + rate + "/s, bucket of " + burst + ", " + id;
            return throttled(what, batch, ran, ideal);
        }
    }

    /** The weekly mix where only so many run at once. The ideal keeps every place busy: the sum of the times by the places. */
    static Throttled places(Path home, long seed, int workers, int places) throws IOException {
        try (VirtualBatch batch = new VirtualBatch(
                home,
                settings -> settings.withSeed(seed).withLimits(Limits.none().withConcurrent(places)))) {
            Ran ran = batch.run("places", weekly(workers));
            double sum = batch.ledger().entries().stream()
                    .mapToDouble(entry -> entry.prediction().generationTime().toMillis() / 1000.0)
                    .sum();
            return throttled(
                    "weekly mix, " + workers + " workers, " + places + " at once, seed " + seed,
                    batch,
                    ran,
                    sum / places);
        }
    }

    /** The weekly mix without a limit. The ideal keeps every worker busy with a generation. */
    static Throttled makespan(Path home, long seed, int workers) throws IOException {
        String what = "weekly mix, " + workers + " workers, seed " + seed;
        try (VirtualBatch batch = new VirtualBatch(home, settings -> settings.withSeed(seed))) {
            return makespan(what, batch, workers);
        }
    }

    /** The same where the provider calls back. */
    static Throttled makespanCalledBack(Path home, long seed, int workers) throws IOException {
        String what = "weekly mix, " + workers + " workers, called back, seed " + seed;
        try (VirtualBatch batch = new VirtualBatch(home, settings -> settings.withSeed(seed)).withWebhooks()) {
            return makespan(what, batch, workers);
        }
    }

    private static Throttled makespan(String what, VirtualBatch batch, int workers) throws IOException {
        Ran ran = batch.run("makespan", weekly(workers));
        double sum = batch.ledger().entries().stream()
                .mapToDouble(entry -> entry.prediction().generationTime().toMillis() / 1000.0)
                .sum();
        return throttled(what, batch, ran, sum / workers);
    }

    private static Throttled throttled(String what, VirtualBatch batch, Ran ran, double ideal) {
        return new Throttled(
                what,
                batch.ledger().entries().size(),
                batch.ledger().throttled() / (double) batch.ledger().submits().size(),
                ran.makespan().toMillis() / 1000.0,
                ideal);
    }

    private static void rateLimit(PrintStream out, Path home, int jobs) throws IOException {
        out.println("| | accepted | refused with 429 | makespan | ideal | ratio |");
        out.println("|---|---|---|---|---|---|");
        for (long seed = 1; seed <= 5; seed++) {
            out.println(makespan(home.resolve("makespan" + seed), seed, 3).line());
        }
        for (long seed = 1; seed <= 5; seed++) {
            out.println(makespanCalledBack(home.resolve("called-back" + seed), seed, 3)
                    .line());
        }
        for (int burst : List.of(1, 10)) {
            Path account = home.resolve("burst" + burst);
            out.println(
                    tokenBucket(account, "first-batch", jobs, 200, 10, burst).line());
            out.println(tokenBucket(account, "next-batch", jobs, 200, 10, burst).line());
        }
        for (long seed = 1; seed <= 5; seed++) {
            out.println(places(home.resolve("places" + seed), seed, 8, 3).line());
        }
    }
}
