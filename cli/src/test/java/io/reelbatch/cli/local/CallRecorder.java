package io.reelbatch.cli.local;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context.BeforeExecution;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;

/**
 * Notes what a client has to be allowed for each call that it makes: an IAM action and what it is done to.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html">actions of S3</a>
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html">transactions</a>
 */
public final class CallRecorder implements ExecutionInterceptor {
    private final Set<Need> needs = new ConcurrentSkipListSet<>();

    /**
     * What a call needs.
     *
     * @param action such as {@code s3:GetObject}
     * @param key of the object, name of the secret, URL of the queue, or ARN of the state machine or execution; empty for a table or a whole bucket
     */
    public record Need(String action, String key) implements Comparable<Need> {
        @Override
        public int compareTo(Need other) {
            return (action + " " + key).compareTo(other.action + " " + other.key);
        }
    }

    @Override
    public void beforeExecution(BeforeExecution context, ExecutionAttributes attributes) {
        String service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
        String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        needs(service, operation, context.request()).forEach(needs::add);
    }

    private static Stream<Need> needs(String service, String operation, SdkRequest request) {
        return switch (service) {
            case "DynamoDb" -> dynamoDb(operation, request).map(action -> new Need("dynamodb:" + action, ""));
            case "S3" -> s3(operation, request);
            case "Sfn" -> Stream.of(new Need("states:" + operation, field(request, "stateMachineArn", "executionArn")));
            case "Sqs" -> Stream.of(new Need("sqs:" + operation, field(request, "QueueUrl")));
            case "SecretsManager" -> Stream.of(new Need("secretsmanager:" + operation, field(request, "SecretId")));
            default ->
                throw new IllegalStateException("no function has calls of " + service + " to make: " + operation);
        };
    }

    private static String field(SdkRequest request, String... names) {
        return Stream.of(names)
                .flatMap(name -> request.getValueForField(name, String.class).stream())
                .findFirst()
                .orElse("");
    }

    private static Stream<String> dynamoDb(String operation, SdkRequest request) {
        return request instanceof TransactWriteItemsRequest transaction
                ? transaction.transactItems().stream().map(CallRecorder::action)
                : Stream.of(operation);
    }

    private static String action(TransactWriteItem item) {
        if (item.put() != null) {
            return "PutItem";
        } else if (item.update() != null) {
            return "UpdateItem";
        }
        return item.delete() != null ? "DeleteItem" : "ConditionCheckItem";
    }

    private static Stream<Need> s3(String operation, SdkRequest request) {
        if (request instanceof CopyObjectRequest copy) {
            // By now the SDK has made one string of bucket and key.
            String source = copy.getValueForField("CopySource", String.class).orElseGet(copy::sourceKey);
            String from = source.substring(source.indexOf(copy.destinationBucket())
                    + copy.destinationBucket().length()
                    + 1);
            return Stream.of(new Need("s3:GetObject", from), new Need("s3:PutObject", copy.destinationKey()));
        }
        String key = field(request, "Key");
        return switch (operation) {
            case "HeadObject", "GetObject" ->
                Stream.of(
                        new Need(field(request, "VersionId").isEmpty() ? "s3:GetObject" : "s3:GetObjectVersion", key));
            case "PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload" ->
                Stream.of(new Need("s3:PutObject", key));
            case "ListObjectsV2" -> Stream.of(new Need("s3:ListBucket", ""));
            default -> Stream.of(new Need("s3:" + operation, key));
        };
    }

    /** So far. */
    public Set<Need> needs() {
        return new TreeSet<>(needs);
    }

    /** The actions without their objects. */
    public List<String> actions() {
        return needs().stream().map(Need::action).distinct().toList();
    }
}
