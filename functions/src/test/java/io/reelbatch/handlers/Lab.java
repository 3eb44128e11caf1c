package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.AwsClients;
import io.reelbatch.adapters.aws.DynamoDbJobStore;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.Executions;
import io.reelbatch.adapters.aws.FakeAws;
import io.reelbatch.adapters.aws.S3ObjectStore;
import io.reelbatch.adapters.aws.TableSchema;
import io.reelbatch.adapters.metrics.Metrics;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.notify.Outbox;
import io.reelbatch.domain.pace.Backoff;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The handlers' parts over the emulators, a table and a bucket of its own, and a stand-in for Step Functions. */
final class Lab implements AutoCloseable {
    /** A clock whose hands a test moves. */
    static final class TestClock extends Clock {
        private Instant now = Instant.parse("2026-11-23T06:00:00Z");

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    final TestClock clock = new TestClock();
    final FakeAws aws = new FakeAws();
    final ByteArrayOutputStream emf = new ByteArrayOutputStream();
    final String bucket = "reelbatch-" + UUID.randomUUID();
    final JobStore store;
    final ObjectStore objects;
    final Executions executions;
    final Parts parts;
    private final ProviderClient client;
    private final Downloader downloader = new Downloader(Downloader.Settings.of(true));

    Lab(Emulators emulators, URI provider) throws IOException {
        DynamoDbClient dynamoDb = emulators.clients().dynamoDb();
        TableSchema.createIfMissing(dynamoDb, bucket);
        S3Client s3 = emulators.clients().s3();
        S3ObjectStore.createIfMissing(s3, bucket);
        store = new DynamoDbJobStore(dynamoDb, bucket);
        objects = new S3ObjectStore(s3, bucket);
        client = new ProviderClient(ProviderSettings.of(provider, () -> ApiKey.of("key-1"), ProviderApi.ATLAS));
        executions = new Executions(
                new AwsClients(aws.environment(), () -> AwsBasicCredentials.create("id", "secret")).stepFunctions(),
                FakeAws.MACHINE);
        parts = new Parts(
                store,
                objects,
                bucket,
                Catalog::shipped,
                api -> client,
                false,
                () -> downloader,
                new Backoff(new Random(1)),
                clock,
                Metrics.to("lab", new PrintStream(emf, true, StandardCharsets.UTF_8), clock),
                Outbox.NONE,
                Optional.empty());
    }

    /** One of the sample events in {@code events/}. */
    static ObjectNode event(String name) throws IOException {
        return (ObjectNode) Json.mapper().readTree(Files.readString(Path.of("..", "events", name + ".json")));
    }

    JsonNode call(RequestStreamHandler handler, JsonNode event) throws IOException {
        return call(handler, event, Duration.ofMinutes(15));
    }

    JsonNode call(RequestStreamHandler handler, JsonNode event, Duration timeLeft) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        handler.handleRequest(
                new ByteArrayInputStream(event.toString().getBytes(StandardCharsets.UTF_8)), out, new TestContext((int)
                        timeLeft.toMillis()));
        return Json.mapper().readTree(out.toByteArray());
    }

    void put(String key, String text) throws IOException {
        try (ObjectWriter writer = objects.write(key, "text/plain")) {
            writer.write(text.getBytes(StandardCharsets.UTF_8));
            writer.commit();
        }
    }

    String text(String key) throws IOException {
        try (InputStream in = objects.read(key)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    List<String> keys(String prefix) throws IOException {
        List<String> keys = new ArrayList<>();
        objects.list(prefix, object -> keys.add(object.key()));
        return keys;
    }

    @Override
    public void close() {
        client.close();
        downloader.close();
        store.close();
        objects.close();
        aws.close();
    }

    /** A context in which the time that is left stands still. */
    private record TestContext(int millisLeft) implements Context {
        @Override
        public String getAwsRequestId() {
            return "request";
        }

        @Override
        public String getLogGroupName() {
            return "group";
        }

        @Override
        public String getLogStreamName() {
            return "stream";
        }

        @Override
        public String getFunctionName() {
            return "function";
        }

        @Override
        public String getFunctionVersion() {
            return "1";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "arn";
        }

        @Override
        public CognitoIdentity getIdentity() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ClientContext getClientContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getRemainingTimeInMillis() {
            return millisLeft;
        }

        @Override
        public int getMemoryLimitInMB() {
            return 512;
        }

        @Override
        public LambdaLogger getLogger() {
            throw new UnsupportedOperationException();
        }
    }
}
