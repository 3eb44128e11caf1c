package io.reelbatch.cli;

import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.Failure;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how a batch goes: a live bar on a terminal, a line for each job that ended elsewhere. */
final class Progress implements AutoCloseable {
    private final PrintStream out;
    private final int jobs;
    private final Optional<ProgressBar> bar;
    private final Map<Integer, Seen> seen = new HashMap<>();
    private final Map<JobState, Integer> counts = new EnumMap<>(JobState.class);
    private BigDecimal charged = BigDecimal.ZERO;

    /**
     * A display for a batch.
     *
     * @param jobs how many jobs it has
     * @param live whether {@code out} is a terminal that shows a line that changes
     */
    Progress(PrintStream out, int jobs, boolean live) {
        this.out = out;
        this.jobs = jobs;
        this.bar = live ? Optional.of(bar(out, "Jobs", jobs)) : Optional.empty();
    }

    /** A bar on a terminal, up to {@code max}. */
    static ProgressBar bar(PrintStream out, String name, int max) {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(max)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setConsumer(new me.tongfei.progressbar.ConsoleProgressBarConsumer(out))
                .build();
    }

    /** A job as last shown. */
    private record Seen(JobState state, BigDecimal charged) {}

    /** Takes in a job as it was found before the start. */
    synchronized void found(JobRecord job) {
        take(job);
    }

    /** Takes in a job as just written. */
    synchronized void update(JobRecord job) {
        Optional<Seen> before = take(job);
        if (bar.isPresent()) {
            bar.get().stepTo(ended());
            bar.get().setExtraMessage(counts());
        } else if (job.state().isEnd() && !before.map(Seen::state).equals(Optional.of(job.state()))) {
            out.println("[" + ended() + "/" + jobs + "] " + line(job));
        }
    }

    private Optional<Seen> take(JobRecord job) {
        Seen now = new Seen(job.state(), charged(job));
        Optional<Seen> before = Optional.ofNullable(seen.put(job.plan().index(), now));
        before.ifPresent(old -> counts.merge(old.state(), -1, Integer::sum));
        counts.merge(now.state(), 1, Integer::sum);
        charged = charged.add(now.charged()).subtract(before.map(Seen::charged).orElse(BigDecimal.ZERO));
        return before;
    }

    private static BigDecimal charged(JobRecord job) {
        return job.attempts().stream().map(Attempt::charged).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private int ended() {
        return count(JobState.STORED) + count(JobState.FAILED);
    }

    private int count(JobState state) {
        return counts.getOrDefault(state, 0);
    }

    private String counts() {
        int failed = count(JobState.FAILED);
        return " " + (count(JobState.SUBMITTED) + count(JobState.SUBMITTING)) + " generating, "
                + count(JobState.GENERATED) + " downloading, " + count(JobState.STORED) + " stored"
                + (failed > 0 ? ", " + failed + " failed" : "") + ", " + Money.usd(charged);
    }

    private static String line(JobRecord job) {
        String name = job.plan().name().replaceAll("\\p{Cntrl}", " ");
        return job.failure()
                .map(failure -> "failed  " + name + ": " + reason(failure))
                .orElseGet(() -> "stored  " + job.outputs().get(0).path() + "  " + name);
    }

    private static String reason(Failure failure) {
        return failure.reason().word() + ": " + failure.message();
    }

    @Override
    public synchronized void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
