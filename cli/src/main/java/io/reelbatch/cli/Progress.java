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
    private final Map<Integer, JobState> states = new HashMap<>();
    private final Map<Integer, BigDecimal> charged = new HashMap<>();

    /**
     * A display for a batch.
     *
     * @param jobs how many jobs it has
     * @param live whether {@code out} is a terminal that shows a line that changes
     */
    Progress(PrintStream out, int jobs, boolean live) {
        this.out = out;
        this.jobs = jobs;
        this.bar = live ? Optional.of(bar(out, jobs)) : Optional.empty();
    }

    private static ProgressBar bar(PrintStream out, int jobs) {
        return new ProgressBarBuilder()
                .setTaskName("Jobs")
                .setInitialMax(jobs)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setConsumer(new me.tongfei.progressbar.ConsoleProgressBarConsumer(out))
                .build();
    }

    /** Takes in a job as it was found before the start. */
    synchronized void found(JobRecord job) {
        states.put(job.plan().index(), job.state());
        charged.put(job.plan().index(), charged(job));
    }

    /** Takes in a job as just written. */
    synchronized void update(JobRecord job) {
        JobState before = states.put(job.plan().index(), job.state());
        charged.put(job.plan().index(), charged(job));
        if (bar.isPresent()) {
            bar.get().stepTo(ended());
            bar.get().setExtraMessage(counts());
        } else if (job.state().isEnd() && before != job.state()) {
            out.println("[" + ended() + "/" + jobs + "] " + line(job));
        }
    }

    private static BigDecimal charged(JobRecord job) {
        return job.attempts().stream().map(Attempt::charged).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private long ended() {
        return states.values().stream().filter(JobState::isEnd).count();
    }

    private String counts() {
        Map<JobState, Integer> count = new EnumMap<>(JobState.class);
        states.values().forEach(state -> count.merge(state, 1, Integer::sum));
        int generating = count.getOrDefault(JobState.SUBMITTED, 0) + count.getOrDefault(JobState.SUBMITTING, 0);
        int failed = count.getOrDefault(JobState.FAILED, 0);
        BigDecimal cost = charged.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return " " + generating + " generating, " + count.getOrDefault(JobState.GENERATED, 0) + " downloading, "
                + count.getOrDefault(JobState.STORED, 0) + " stored" + (failed > 0 ? ", " + failed + " failed" : "")
                + ", " + Money.usd(cost);
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
