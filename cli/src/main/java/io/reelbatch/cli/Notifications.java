package io.reelbatch.cli;

import io.github.cdimascio.dotenv.Dotenv;
import io.reelbatch.adapters.provider.Webhooks;
import io.reelbatch.domain.job.NotifySettings;
import io.reelbatch.domain.notify.Delivery;
import io.reelbatch.domain.notify.Notice;
import io.reelbatch.domain.notify.SigningSecret;
import io.reelbatch.domain.store.JobStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** What a run needs to send notices about its batch: connections, threads, and the secret by its name. */
final class Notifications implements AutoCloseable {
    private static final int THREADS = 4;

    private final Map<String, String> environment;
    private final Webhooks webhooks;
    private final ScheduledThreadPoolExecutor threads;

    /** @param environment holds the secrets; {@code REELBATCH_LOCAL_WEBHOOKS=allow} lets receivers be on this machine */
    Notifications(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.webhooks = new Webhooks(mayBeLocal(environment), Clock.systemUTC());
        this.threads = new ScheduledThreadPoolExecutor(
                THREADS,
                task -> {
                    Thread thread = new Thread(task, "reelbatch-notify");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        this.threads.setRemoveOnCancelPolicy(true);
    }

    /** Whether receivers may be on this machine. */
    static boolean mayBeLocal(Map<String, String> environment) {
        return environment.getOrDefault("REELBATCH_LOCAL_WEBHOOKS", "").equals("allow");
    }

    /** A notifier for one batch. */
    Notifier of(JobStore store, String batchId, UnaryOperator<String> url) {
        return new Notifier(store, batchId, url, this::send, this::after, Clock.systemUTC());
    }

    private Delivery send(NotifySettings settings, Notice notice) {
        try {
            return webhooks.post(settings.webhook(), notice, secret(settings, environment));
        } catch (UsageException e) {
            return new Delivery.Never(String.valueOf(e.getMessage()));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the task itself writes down how it went
    private void after(Duration wait, Runnable task) {
        threads.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * The secret that signs, from the environment or {@code .env}; empty if the batch's notifications are not signed.
     *
     * @throws UsageException if it is not there or is none; the message does not quote it
     */
    static Optional<SigningSecret> secret(NotifySettings settings, Map<String, String> environment) {
        if (settings.secret().isEmpty()) {
            return Optional.empty();
        }
        String name = settings.secret().get();
        if (!name.startsWith(NotifySettings.ENVIRONMENT)) {
            throw new UsageException("notify.secret is " + name + ", the name of a secret of a deployed stack; on this"
                    + " machine it must be in the environment or in .env: write env:WEBHOOK_SECRET.");
        }
        String variable = name.substring(NotifySettings.ENVIRONMENT.length());
        String text = Optional.ofNullable(environment.get(variable))
                .or(() -> Optional.ofNullable(Dotenv.configure()
                        .directory(Path.of("").toString())
                        .ignoreIfMissing()
                        .ignoreIfMalformed()
                        .load()
                        .get(variable)))
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> new UsageException("notify.secret is " + name + ", and " + variable
                        + " is not set in the environment or in .env."));
        try {
            return Optional.of(SigningSecret.of(text));
        } catch (IllegalArgumentException e) {
            throw new UsageException(variable + " is no signing secret: " + e.getMessage() + ".");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        webhooks.close();
    }
}
