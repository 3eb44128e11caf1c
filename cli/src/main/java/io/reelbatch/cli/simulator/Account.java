package io.reelbatch.cli.simulator;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Decides about submits: whether the limits allow them, what goes wrong, how long they take, how they end.
 *
 * <p>Every decision about a job depends on the seed, its model, its prompt and how often both came before, so jobs that
 * arrive in another order meet the same fate.
 */
final class Account {
    /**
     * The answer to a submit.
     *
     * @param status HTTP status to answer with; 0 for none
     * @param fault why, if on purpose
     * @param prediction set if accepted
     */
    record Verdict(int status, Optional<Fault> fault, Optional<Prediction> prediction) {}

    /** Leaves 20 bits: made-up seeds of up to 7 digits, short enough to be read on a picture. */
    private static final int SEED_SHIFT = 44;

    private final SimulatorSettings settings;
    private final Ledger ledger;
    private final Draw draw;
    private final Map<String, Integer> arrivals = new HashMap<>();
    private final Map<String, Integer> accepted = new HashMap<>();
    private final PriorityQueue<Instant> running = new PriorityQueue<>();
    private final String birth;
    private double tokens;
    private Instant refilledAt;

    Account(SimulatorSettings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
        this.draw = new Draw(settings.seed());
        this.refilledAt = ledger.clock().instant();
        this.birth = refilledAt.toString();
        this.tokens = settings.limits().burst();
        for (Ledger.Submit submit : ledger.submits()) {
            arrivals.merge(name(submit.model(), submit.prompt()), 1, Integer::sum);
        }
        for (Ledger.Entry entry : ledger.entries()) {
            Prediction prediction = entry.prediction();
            accepted.merge(name(prediction.model(), prediction.prompt()), 1, Integer::sum);
            running.add(prediction.readyAt());
        }
    }

    /**
     * Decides, and writes the decision into the ledger.
     *
     * @param shelfLife how long the output is kept after the end
     */
    synchronized Verdict submit(JobRequest request, Duration shelfLife) {
        Instant now = ledger.clock().instant();
        String model = request.model();
        String prompt = request.prompt();
        int arrival = arrivals.merge(name(model, prompt), 1, Integer::sum) - 1;
        int refusal = refusal(request, now);
        Optional<Fault> fault =
                refusal == 0 ? fault(new Occasion(Fault.Stage.SUBMIT, model, prompt, arrival, 0)) : Optional.empty();
        boolean accept = refusal == 0 && fault.map(Fault::accepted).orElse(true);
        Optional<Prediction> prediction =
                accept ? Optional.of(accept(request, now, shelfLife)) : Optional.<Prediction>empty();
        int status = refusal != 0 ? refusal : fault.map(Fault::status).orElse(200);
        ledger.record(
                new Ledger.Submit(
                        ledger.nextSequence(),
                        now,
                        request.kind(),
                        model,
                        prompt,
                        status,
                        fault,
                        prediction.map(Prediction::id)),
                prediction);
        return new Verdict(status, fault, prediction);
    }

    /** The price of a job, in USD. */
    BigDecimal price(JobRequest request) {
        return settings.models().price(request.model()).of(request.duration());
    }

    /** What goes wrong at an occasion. */
    Optional<Fault> fault(Occasion occasion) {
        double chance =
                draw.share(occasion.stage(), occasion.model(), occasion.prompt(), occasion.job(), occasion.attempt());
        return settings.faults().at(occasion, chance).filter(fault -> fault.stage() == occasion.stage());
    }

    private Prediction accept(JobRequest request, Instant now, Duration shelfLife) {
        String model = request.model();
        String prompt = request.prompt();
        int job = accepted.merge(name(model, prompt), 1, Integer::sum) - 1;
        Optional<Fault> end = fault(new Occasion(Fault.Stage.GENERATION, model, prompt, job, 0));
        boolean hidden = fault(new Occasion(Fault.Stage.GENERATION_SEEN, model, prompt, job, 0))
                .isPresent();
        Duration time = synchronous(request)
                ? Duration.ZERO
                : settings.models().time(model).at(draw.share("time", model, prompt, job));
        takePlace(now, time);
        return new Prediction(
                String.format(
                        "%016x%08x", draw.number(model, prompt, job), (int) draw.number(birth, model, prompt, job)),
                request.kind(),
                model,
                prompt,
                request.kept(),
                request.seed().orElse(draw.number("seed", model, prompt, job) >>> SEED_SHIFT),
                job,
                price(request),
                now,
                time,
                end.map(Account::outcome).orElse(Prediction.Outcome.SUCCEEDED),
                hidden ? now.plus(settings.invisible()) : now,
                now.plus(time).plus(shelfLife));
    }

    private boolean synchronous(JobRequest request) {
        return settings.quirks().contains(Quirk.SYNCHRONOUS)
                || request.body().path("enable_sync_mode").asBoolean(false);
    }

    private static Prediction.Outcome outcome(Fault fault) {
        return switch (fault) {
            case FAILED -> Prediction.Outcome.FAILED;
            case MODERATED -> Prediction.Outcome.MODERATED;
            case ENDLESS -> Prediction.Outcome.ENDLESS;
            default -> Prediction.Outcome.SUCCEEDED;
        };
    }

    private void takePlace(Instant now, Duration time) {
        running.add(now.plus(time));
        tokens -= settings.limits().submitsPerSecond().isPresent() ? 1 : 0;
    }

    /** Status of the refusal that the limits call for; 0 for none. */
    private int refusal(JobRequest request, Instant now) {
        Limits limits = settings.limits();
        while (!running.isEmpty() && !running.peek().isAfter(now)) {
            running.poll();
        }
        refill(now);
        boolean full = limits.concurrent().isPresent()
                && running.size() >= limits.concurrent().getAsInt();
        boolean fast = limits.submitsPerSecond().isPresent() && tokens < 1;
        if (full || fast) {
            return 429;
        }
        boolean poor = limits.balance().isPresent()
                && ledger.charged()
                                .add(price(request))
                                .compareTo(limits.balance().get())
                        > 0;
        return poor ? 402 : 0;
    }

    private void refill(Instant now) {
        Limits limits = settings.limits();
        if (limits.submitsPerSecond().isPresent()) {
            double seconds = Duration.between(refilledAt, now).toNanos() / 1e9;
            tokens = Math.min(
                    limits.burst(),
                    tokens + Math.max(0, seconds) * limits.submitsPerSecond().getAsDouble());
        }
        refilledAt = now;
    }

    private static String name(String model, String prompt) {
        return model + '\n' + prompt;
    }
}
