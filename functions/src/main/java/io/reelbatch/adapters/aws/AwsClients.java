package io.reelbatch.adapters.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Makes clients as the environment says: {@code AWS_REGION}, credentials and profiles as everywhere, and another server at
 * {@code AWS_ENDPOINT_URL_DYNAMODB}, {@code AWS_ENDPOINT_URL_S3}, those of other services, or {@code AWS_ENDPOINT_URL}. Whoever
 * asks for a client closes it.
 */
public final class AwsClients {
    private static final int ATTEMPTS = 5;
    private static final int CONNECTIONS = 64;
    private static final Duration CONNECT = Duration.ofSeconds(3);
    /** A record is answered in milliseconds; longer silence is a lost connection. */
    private static final Duration RECORD_ATTEMPT = Duration.ofSeconds(10);

    private static final int MESSAGE_ATTEMPTS = 2;
    private static final Duration MESSAGE_ATTEMPT = Duration.ofSeconds(2);
    private static final Duration MESSAGE = Duration.ofSeconds(5);
    private static final Duration SHORT_CALL = Duration.ofSeconds(20);
    /** Between two packets, not for a whole object. */
    private static final Duration OBJECT_SILENCE = Duration.ofSeconds(30);

    private final Map<String, String> environment;
    private final Optional<AwsCredentialsProvider> credentials;

    /**
     * Credentials come from where the SDK looks for them.
     *
     * @param environment normally {@link System#getenv()}
     */
    public AwsClients(Map<String, String> environment) {
        this(environment, Optional.empty());
    }

    /** With credentials of one's own. */
    public AwsClients(Map<String, String> environment, AwsCredentialsProvider credentials) {
        this(environment, Optional.of(credentials));
    }

    private AwsClients(Map<String, String> environment, Optional<AwsCredentialsProvider> credentials) {
        this.environment = Map.copyOf(environment);
        this.credentials = credentials;
    }

    /** A client for records. */
    public DynamoDbClient dynamoDb() {
        return dynamoDbBuilder().build();
    }

    DynamoDbClientBuilder dynamoDbBuilder() {
        return configured(DynamoDbClient.builder(), endpoint("AWS_ENDPOINT_URL_DYNAMODB"))
                .httpClientBuilder(http(RECORD_ATTEMPT))
                .overrideConfiguration(
                        retries().apiCallAttemptTimeout(RECORD_ATTEMPT).build());
    }

    /** A client for objects. */
    public S3Client s3() {
        return s3Builder().build();
    }

    S3ClientBuilder s3Builder() {
        Optional<URI> endpoint = endpoint("AWS_ENDPOINT_URL_S3");
        return configured(S3Client.builder(), endpoint)
                .httpClientBuilder(http(OBJECT_SILENCE))
                .overrideConfiguration(retries().build())
                // Stand-ins for S3 have no host name for each bucket.
                .forcePathStyle(endpoint.isPresent());
    }

    /** A client for executions. */
    public SfnClient stepFunctions() {
        return client(SfnClient.builder(), "SFN");
    }

    /** A client for secrets. */
    public SecretsManagerClient secretsManager() {
        return client(SecretsManagerClient.builder(), "SECRETS_MANAGER");
    }

    /** A client for messages that are not worth waiting for: it gives up within five seconds. */
    public SqsClient queues() {
        return configured(SqsClient.builder(), endpoint("AWS_ENDPOINT_URL_SQS"))
                .httpClientBuilder(http(MESSAGE_ATTEMPT))
                .overrideConfiguration(retries(MESSAGE_ATTEMPTS)
                        .apiCallAttemptTimeout(MESSAGE_ATTEMPT)
                        .apiCallTimeout(MESSAGE)
                        .build())
                .build();
    }

    /**
     * A client for short calls to another service.
     *
     * @param builder a new builder of that service
     * @param service as its endpoint's variable ends, such as {@code SFN} in {@code AWS_ENDPOINT_URL_SFN}
     */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder, String service) {
        return configured(builder, endpoint("AWS_ENDPOINT_URL_" + service))
                .httpClientBuilder(http(SHORT_CALL))
                .overrideConfiguration(
                        retries().apiCallAttemptTimeout(SHORT_CALL).build())
                .build();
    }

    private <B extends AwsClientBuilder<B, ?>> B configured(B builder, Optional<URI> endpoint) {
        credentials.ifPresent(builder::credentialsProvider);
        endpoint.ifPresent(builder::endpointOverride);
        region(endpoint).ifPresent(builder::region);
        return builder;
    }

    private Optional<Region> region(Optional<URI> endpoint) {
        return value("AWS_REGION")
                .or(() -> value("AWS_DEFAULT_REGION"))
                .map(Region::of)
                .or(() -> endpoint.map(stand -> Region.US_EAST_1));
    }

    private Optional<URI> endpoint(String ofService) {
        return value(ofService).or(() -> value("AWS_ENDPOINT_URL")).map(URI::create);
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static Apache5HttpClient.Builder http(Duration silence) {
        return Apache5HttpClient.builder()
                .maxConnections(CONNECTIONS)
                .connectionTimeout(CONNECT)
                .socketTimeout(silence);
    }

    private static ClientOverrideConfiguration.Builder retries() {
        return retries(ATTEMPTS);
    }

    private static ClientOverrideConfiguration.Builder retries(int attempts) {
        return ClientOverrideConfiguration.builder()
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(attempts)
                        .build());
    }
}
