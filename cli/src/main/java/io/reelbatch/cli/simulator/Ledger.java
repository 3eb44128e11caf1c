package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.cli.simulator.media.MediaKind;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The provider's own record: what it was asked, what it accepted, what it charged.
 *
 * <p>With a state file it outlives the simulator: whatever was answered is in the file before the answer is sent. Only
 * the counts of polls and downloads start anew. Safe for several threads; what it returns does not change afterwards.
 */
public final class Ledger {
    /**
     * A submit request, accepted or not.
     *
     * @param sequence number of the request, from 1, without gaps
     * @param status HTTP status it was answered with; 0 when it was not answered
     * @param fault what went wrong on purpose
     * @param predictionId set if it was accepted, even where the answer did not say so
     */
    public record Submit(
            long sequence,
            Instant at,
            MediaKind kind,
            String model,
            String prompt,
            int status,
            Optional<Fault> fault,
            Optional<String> predictionId) {}

    /**
     * What happened to an accepted job since.
     *
     * @param polls requests for its state, faulty ones included
     * @param noticedAt when a poll first told its end
     * @param downloads requests for its output, faulty ones included
     */
    public record Entry(Prediction prediction, int polls, Optional<Instant> noticedAt, int downloads) {
        /** How long the end went unnoticed; empty while it does. */
        public Optional<Duration> unnoticed() {
            return noticedAt.map(at -> Duration.between(prediction.readyAt(), at));
        }
    }

    /**
     * Money taken for an accepted job.
     *
     * @param usd reserved while the job runs, kept when it ends well
     */
    public record Charge(String predictionId, String model, String prompt, BigDecimal usd, Instant at) {}

    private static final class Line {
        private final Prediction prediction;
        private int polls;
        private int downloads;
        private int urlVersion = 1;
        private @Nullable Instant noticedAt;

        private Line(Prediction prediction) {
            this.prediction = prediction;
        }
    }

    private final Journal journal;
    private final LedgerEvents events;
    private final Clock clock;
    private final List<Submit> submits = new ArrayList<>();
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private Instant latest = Instant.EPOCH;

    /** Reads back what the journal holds. */
    Ledger(Journal journal, LedgerEvents events, Clock clock) throws IOException {
        this.journal = journal;
        this.events = events;
        journal.replay(this::restore);
        Duration ahead = Duration.between(clock.instant(), latest);
        this.clock = ahead.isNegative() || ahead.isZero() ? clock : Clock.offset(clock, ahead);
    }

    /** The simulator's time: the clock of its settings, put forward where the journal was already further. */
    Clock clock() {
        return clock;
    }

    /** Every submit request, in the order of arrival. */
    public synchronized List<Submit> submits() {
        return List.copyOf(submits);
    }

    /** Every accepted job, in the order of acceptance. */
    public synchronized List<Entry> entries() {
        return lines.values().stream().map(Ledger::entry).toList();
    }

    /** The accepted job of this id. */
    public synchronized Optional<Entry> entry(String predictionId) {
        return Optional.ofNullable(lines.get(predictionId)).map(Ledger::entry);
    }

    /** What stands charged now: one charge per accepted job, except those that have ended badly. */
    public synchronized List<Charge> charges() {
        Instant now = clock.instant();
        return lines.values().stream()
                .map(line -> line.prediction)
                .filter(one -> !one.released(now))
                .map(one -> new Charge(one.id(), one.model(), one.prompt(), one.price(), one.acceptedAt()))
                .toList();
    }

    /** Sum of the charges, in USD. */
    public BigDecimal charged() {
        return charges().stream().map(Charge::usd).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Number of polls answered or dropped since the start. */
    public synchronized long polls() {
        return lines.values().stream().mapToLong(line -> line.polls).sum();
    }

    /** Number of submits that were answered 429. */
    public synchronized long throttled() {
        return submits.stream().filter(submit -> submit.status() == 429).count();
    }

    synchronized long nextSequence() {
        return submits.size() + 1L;
    }

    /** Writes down a submit and, if it was accepted, its prediction: first to the journal, then here. */
    synchronized void record(Submit submit, Optional<Prediction> prediction) {
        journal.append(events.submit(submit, prediction));
        add(submit, prediction);
    }

    /**
     * Counts a poll.
     *
     * @return how many came before it
     */
    synchronized int polled(String id) {
        return line(id).polls++;
    }

    /**
     * Counts a download.
     *
     * @return how many came before it
     */
    synchronized int downloaded(String id) {
        return line(id).downloads++;
    }

    /** Writes down that the client now knows the end of a job. */
    synchronized void noticed(String id, Instant now) {
        Line line = line(id);
        if (line.noticedAt == null) {
            line.noticedAt = now;
            journal.append(events.noticed(id, now));
        }
    }

    /** Version of the output's URL that polls name now; earlier ones are expired. */
    synchronized int urlVersion(String id) {
        return line(id).urlVersion;
    }

    /** Lets a version of the output's URL expire. */
    synchronized void expireUrl(String id, int version) {
        Line line = line(id);
        if (line.urlVersion == version) {
            line.urlVersion++;
            journal.append(events.expired(id, version));
        }
    }

    private void add(Submit submit, Optional<Prediction> prediction) {
        submits.add(submit);
        prediction.ifPresent(one -> lines.put(one.id(), new Line(one)));
        latest = latest.isBefore(submit.at()) ? submit.at() : latest;
    }

    private void restore(JsonNode event) {
        switch (events.type(event)) {
            case SUBMIT -> add(events.submit(event), events.prediction(event));
            case NOTICED -> line(events.id(event)).noticedAt = events.at(event);
            case EXPIRED -> line(events.id(event)).urlVersion++;
        }
    }

    private Line line(String id) {
        Line line = lines.get(id);
        if (line == null) {
            throw new IllegalArgumentException("The ledger has no prediction " + id);
        }
        return line;
    }

    private static Entry entry(Line line) {
        return new Entry(line.prediction, line.polls, Optional.ofNullable(line.noticedAt), line.downloads);
    }
}
