package io.reelbatch.cli;

import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.domain.planning.Plan;
import io.reelbatch.domain.planning.QuotedEstimate;
import io.reelbatch.domain.planning.QuotedEstimate.Line;
import io.reelbatch.domain.provider.Answer;
import io.reelbatch.domain.provider.ProviderError;
import io.reelbatch.domain.provider.Quote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks the provider what a plan would cost, once for each distinct request. Creates nothing there. */
final class Quotes {
    private static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Quotes() {}

    /**
     * The plan with the provider's answers.
     *
     * @throws UsageException if the provider is the simulator, which knows no prices but the table's
     */
    static QuotedEstimate ask(Provider provider, Plan plan) {
        if (provider.simulated()) {
            throw new UsageException("--quote asks the provider and needs an API key: set ATLASCLOUD_API_KEY in the"
                    + " environment or in .env, or ATLASCLOUD_BASE_URL to a server on this machine.");
        }
        try (ProviderClient client = new ProviderClient(ProviderSettings.of(
                provider.baseUrl(), provider::key, plan.settings().api()))) {
            return ask(client, QuotedEstimate.of(plan).lines());
        }
    }

    /** A refused account answers the first question; then nobody asks the others. */
    private static QuotedEstimate ask(ProviderClient client, List<Line> lines) {
        List<Line> answered = new ArrayList<>();
        if (!lines.isEmpty()) {
            answered.add(ask(client, lines.get(0)));
        }
        if (refusedAccount(new QuotedEstimate(answered)).isPresent()) {
            answered.addAll(lines.subList(1, lines.size()));
            return new QuotedEstimate(answered);
        }
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Line>> futures = lines.stream()
                    .skip(1)
                    .map(line -> pool.submit(() -> ask(client, line)))
                    .toList();
            for (Future<Line> future : futures) {
                answered.add(future.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("a quote broke", e.getCause());
        } finally {
            pool.shutdownNow();
        }
        return new QuotedEstimate(answered);
    }

    private static Line ask(ProviderClient client, Line line) {
        return line.answered(client.quote(line.request(), PATIENCE));
    }

    /** The provider's refusal of the key or the account, if it refused. */
    static Optional<ProviderError> refusedAccount(QuotedEstimate estimate) {
        return estimate.lines().stream()
                .flatMap(line -> line.answer().stream())
                .flatMap(answer -> refusal(answer).stream())
                .filter(error -> error.kind().stopsBatch())
                .findFirst();
    }

    /** Why a line has no quote, if it has none. */
    static Optional<String> trouble(Line line) {
        if (line.quote().isPresent()) {
            return Optional.empty();
        }
        Optional<Answer<Quote>> answer = line.answer();
        if (answer.isPresent() && answer.get() instanceof Answer.Unavailable<Quote> unavailable) {
            return Optional.of(unavailable.message());
        }
        return Optional.of(
                answer.flatMap(Quotes::refusal).map(ProviderError::describe).orElse("not asked"));
    }

    private static Optional<ProviderError> refusal(Answer<Quote> answer) {
        return answer instanceof Answer.Refused<Quote> refused ? Optional.of(refused.error()) : Optional.empty();
    }
}
