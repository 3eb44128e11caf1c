package io.reelbatch.cli;

import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.Failure;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows the progress of a batch: as one live line on a terminal, otherwise as a line for each job that has ended. */
final class Progress implements AutoCloseable {
    private final PrintStream out;
    private final int jobs;
    private final Optional<LiveLine> live;
    private final long startedAt = System.nanoTime();
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
        this.live = live ? Optional.of(new LiveLine(out, this::progress, new TerminalWidth())) : Optional.empty();
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
        boolean news = job.state().isEnd() && !before.map(Seen::state).equals(Optional.of(job.state()));
        if (news && live.isEmpty()) {
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

    private synchronized String progress(int columns) {
        List<String> vital = new ArrayList<>(counted(JobState.FAILED, "failed"));
        vital.add(Money.usd(charged));
        List<String> work = new ArrayList<>();
        int generating = count(JobState.SUBMITTED) + count(JobState.SUBMITTING);
        if (generating > 0) {
            work.add(generating + " generating");
        }
        work.addAll(counted(JobState.GENERATED, "downloading"));
        Optional<Duration> elapsed = Optional.of(Duration.ofNanos(System.nanoTime() - startedAt));
        return new ProgressLine(ended(), jobs, work, counted(JobState.STORED, "stored"), vital, elapsed).in(columns);
    }

    private List<String> counted(JobState state, String word) {
        return count(state) > 0 ? List.of(count(state) + " " + word) : List.of();
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
    public void close() {
        live.ifPresent(LiveLine::close);
    }
}
