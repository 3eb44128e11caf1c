package io.reelbatch.cli;

import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.provider.Answer;
import io.reelbatch.domain.provider.Balance;
import io.reelbatch.domain.store.JobStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks for the account's balance while a run starts, and warns if it does not cover the jobs still to run. It never
 * refuses a run.
 */
final class BalanceCheck implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Consumer<String> say;
    private boolean over;

    private BalanceCheck(Consumer<String> say) {
        this.say = say;
    }

    /**
     * Starts asking and returns at once.
     *
     * @param needed what is still to run should cost, USD; nobody is asked for nothing
     */
    static BalanceCheck start(ProviderClient client, BigDecimal needed, Consumer<String> say) {
        BalanceCheck check = new BalanceCheck(say);
        if (needed.signum() > 0) {
            Thread thread = new Thread(
                    () -> sentence(client.balance(PATIENCE), needed).ifPresent(check::tell), "reelbatch-balance");
            thread.setDaemon(true);
            thread.start();
        }
        return check;
    }

    private synchronized void tell(String sentence) {
        if (!over) {
            say.accept(sentence);
        }
    }

    /** The warning that an answer calls for, if any. */
    static Optional<String> sentence(Answer<Balance> answer, BigDecimal needed) {
        if (answer instanceof Answer.Ok<Balance> ok) {
            return warning(ok.value(), needed);
        } else if (answer instanceof Answer.Refused<Balance> refused) {
            return Optional.of(
                    "The account's balance is not known: " + refused.error().describe() + ".");
        }
        return Optional.of(
                "The account's balance is not known: " + ((Answer.Unavailable<Balance>) answer).message() + ".");
    }

    private static Optional<String> warning(Balance balance, BigDecimal needed) {
        if (!balance.currency().equals("usd")) {
            return Optional.of("The account's balance is kept in " + balance.currency()
                    + " and was not compared with the estimate.");
        }
        return balance.available().compareTo(needed) >= 0
                ? Optional.empty()
                : Optional.of("Warning: the account has " + Money.usd(balance.available())
                        + " left, and what is still to run should cost " + Money.usd(needed)
                        + ". Top it up: once it is used up the provider refuses the rest.");
    }

    /**
     * What is still to be submitted should cost, USD; 0 for a batch that has no record yet.
     *
     * @param retry whether jobs that failed are run again
     */
    static BigDecimal needed(JobStore jobs, String batchId, boolean retry) {
        Optional<BatchRecord> batch = jobs.batch(batchId);
        if (batch.isEmpty() || batch.get().state() == BatchState.PLANNING) {
            return batch.map(BatchRecord::estimate).orElse(BigDecimal.ZERO);
        }
        List<BigDecimal> prices = new ArrayList<>();
        jobs.forEachJob(batchId, job -> {
            if (willBeSent(job, retry)) {
                prices.add(job.plan().price());
            }
        });
        return prices.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static boolean willBeSent(JobRecord job, boolean retry) {
        JobState state = (retry ? job.reopened(Instant.EPOCH) : job).state();
        return state == JobState.PLANNED || state == JobState.UNKNOWN;
    }

    /** From here on nothing is said any more. */
    @Override
    public synchronized void close() {
        over = true;
    }
}
