package io.reelbatch.handlers;

import io.reelbatch.adapters.aws.AwsClients;
import io.reelbatch.adapters.aws.DynamoDbJobStore;
import io.reelbatch.adapters.aws.Executions;
import io.reelbatch.adapters.aws.NotificationQueue;
import io.reelbatch.adapters.aws.S3ObjectStore;
import io.reelbatch.adapters.aws.SecretKey;
import io.reelbatch.adapters.aws.SigningSecrets;
import io.reelbatch.adapters.aws.TaskTokenClient;
import io.reelbatch.adapters.metrics.Metrics;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.adapters.provider.Webhooks;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.notify.Outbox;
import io.reelbatch.domain.pace.Backoff;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.provider.KeySource;
import io.reelbatch.domain.store.JobStore;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Builds the real parts of a function from its environment variables. A function only needs the variables that it uses;
 * if one of those is missing, an {@link IllegalStateException} names it. Nothing is connected, read or loaded before
 * its first use, and nothing random or secret is created, so that a snapshot may contain all of it.
 */
final class Deployment {
    private static final String BASE_URL = "ATLASCLOUD_BASE_URL";
    private static final String NOTIFICATIONS = "REELBATCH_NOTIFICATIONS";
    private static final String WEBHOOK_URL = "REELBATCH_WEBHOOK_URL";

    private final Map<String, String> environment;
    private final Lazy<AwsClients> clients;

    Deployment(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.clients = new Lazy<>(() -> new AwsClients(this.environment));
    }

    /** By the variables of this process. */
    static Deployment here() {
        return new Deployment(System.getenv());
    }

    /** Stores only: a call of the provider that needs the key fails. */
    Parts parts() {
        return parts(new NoKey());
    }

    /** With the key from the secret that {@code REELBATCH_API_KEY_SECRET} names. */
    Parts partsWithKey() {
        String secret = required("REELBATCH_API_KEY_SECRET");
        return parts(new LazyKey(new Lazy<>(() -> new SecretKey(clients.get().secretsManager(), secret))));
    }

    /** The executions of the state machine that {@code REELBATCH_STATE_MACHINE_ARN} names. */
    Supplier<Executions> executions() {
        String arn = required("REELBATCH_STATE_MACHINE_ARN");
        return new Lazy<>(() -> new Executions(clients.get().stepFunctions(), arn));
    }

    /** The tasks that wait for a token. */
    TaskTokens taskTokens() {
        Lazy<TaskTokenClient> client =
                new Lazy<>(() -> new TaskTokenClient(clients.get().stepFunctions()));
        return new TaskTokens() {
            @Override
            public void succeed(String token, String output) {
                client.get().succeed(token, output);
            }

            @Override
            public void fail(String token, String error, String cause) {
                client.get().fail(token, error, cause);
            }
        };
    }

    /** Versions of the objects in the bucket. */
    StartBatch.VersionedObjects versions() {
        String bucket = required("REELBATCH_BUCKET");
        Lazy<S3ObjectStore> store =
                new Lazy<>(() -> new S3ObjectStore(clients.get().s3(), bucket));
        return (key, version) -> store.get().read(key, version);
    }

    private Parts parts(KeySource key) {
        String bucket = required("REELBATCH_BUCKET");
        String table = required("REELBATCH_TABLE");
        boolean local = isLocal(baseUrl());
        Lazy<Random> random = new Lazy<>(SecureRandom::new);
        JobStore store =
                new LazyJobStore(() -> new DynamoDbJobStore(clients.get().dynamoDb(), table));
        return new Parts(
                store,
                new LazyObjectStore(() -> new S3ObjectStore(clients.get().s3(), bucket)),
                bucket,
                new Lazy<>(Catalog::shipped),
                provider(key),
                true,
                new Lazy<>(() -> new Downloader(Downloader.Settings.of(local))),
                new Backoff(() -> random.get().nextLong()),
                Clock.systemUTC(),
                metrics(),
                outbox(store, bucket),
                optional(WEBHOOK_URL).map(text -> url(WEBHOOK_URL, text)));
    }

    /** Without a queue no notifications are sent. */
    private Outbox outbox(JobStore store, String bucket) {
        return optional(NOTIFICATIONS).isEmpty()
                ? Outbox.NONE
                : new QueuedOutbox(store, notificationQueue(), bucket, required("REELBATCH_SECRET_PREFIX"));
    }

    /** The queue of what is to be sent, and that of what could not be. */
    Supplier<NotificationQueue> notificationQueue() {
        String queue = required(NOTIFICATIONS);
        String undelivered = optional("REELBATCH_UNDELIVERED").orElse("");
        return new Lazy<>(() -> new NotificationQueue(clients.get().queues(), queue, undelivered));
    }

    /** The secrets that sign what is sent. */
    Supplier<SigningSecrets> signingSecrets() {
        return new Lazy<>(() -> new SigningSecrets(clients.get().secretsManager()));
    }

    /** The client that posts notifications to their receivers. */
    Supplier<Webhooks> webhooks() {
        boolean local = isLocal(baseUrl());
        return new Lazy<>(() -> new Webhooks(local, Clock.systemUTC()));
    }

    /** Only a stack has somebody who collects them. */
    private Metrics metrics() {
        return optional("REELBATCH_STACK")
                .map(stack -> Metrics.to(stack, System.out, Clock.systemUTC()))
                .orElseGet(Metrics::none);
    }

    private Function<ProviderApi, ProviderClient> provider(KeySource key) {
        URI baseUrl = baseUrl();
        Map<ProviderApi, ProviderClient> byApi = new ConcurrentHashMap<>();
        return api -> byApi.computeIfAbsent(api, shape -> new ProviderClient(ProviderSettings.of(baseUrl, key, shape)));
    }

    private URI baseUrl() {
        return optional(BASE_URL).map(text -> url(BASE_URL, text)).orElse(ProviderSettings.ATLAS);
    }

    private static URI url(String name, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("The environment variable " + name + " is no URL: " + text);
        }
    }

    /** A provider on this machine is a stand-in, whose outputs are on this machine too. */
    private static boolean isLocal(URI baseUrl) {
        String host = String.valueOf(baseUrl.getHost());
        return host.equals("localhost") || host.equals("127.0.0.1");
    }

    private String required(String name) {
        return optional(name)
                .orElseThrow(() -> new IllegalStateException("The environment variable " + name
                        + " is not set: the function's template gives it, see docs/deployment.md."));
    }

    private Optional<String> optional(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** Reads the secret's name at once, and loads what reads the secret when the key is first asked for. */
    private record LazyKey(Lazy<SecretKey> key) implements KeySource {
        @Override
        public ApiKey get() {
            return key.get().get();
        }

        @Override
        public Optional<ApiKey> insteadOf(ApiKey refused) {
            return key.get().insteadOf(refused);
        }

        @Override
        public String account() {
            return SecretKey.STACK;
        }
    }

    /** For functions that fetch and write, and never ask the provider for anything. */
    private static final class NoKey implements KeySource {
        @Override
        public ApiKey get() {
            throw new IllegalStateException("This function has no API key: it must not call the provider.");
        }

        @Override
        public String account() {
            return SecretKey.STACK;
        }
    }
}
