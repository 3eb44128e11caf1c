package io.reelbatch.cli.stack;

import io.reelbatch.adapters.aws.AwsClients;
import io.reelbatch.adapters.aws.DynamoDbJobStore;
import io.reelbatch.adapters.aws.S3ObjectStore;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.ObjectStore;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;

/** A deployed stack, found by its name. */
public final class Stack implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,127}");

    private final StackOutputs outputs;
    private final SfnClient stepFunctions;
    private final JobStore jobs;
    private final ObjectStore objects;

    private Stack(StackOutputs outputs, SfnClient stepFunctions, JobStore jobs, ObjectStore objects) {
        this.outputs = outputs;
        this.stepFunctions = stepFunctions;
        this.jobs = jobs;
        this.objects = objects;
    }

    /**
     * Looks a stack up and makes clients for it.
     *
     * @param name of the CloudFormation stack
     * @throws StackException if there is none in this account and region, or AWS cannot be asked
     */
    public static Stack open(String name, AwsClients clients) {
        if (!NAME.matcher(name).matches()) {
            throw StackException.usage("\"" + name + "\" is no stack's name: letters, digits and hyphens.");
        }
        try {
            StackOutputs outputs = outputs(name, clients);
            return new Stack(
                    outputs,
                    clients.client(SfnClient.builder(), "SFN"),
                    new DynamoDbJobStore(clients.dynamoDb(), outputs.table()),
                    new S3ObjectStore(clients.s3(), outputs.bucket()));
        } catch (SdkException e) {
            throw StackException.of("find stack " + name, e);
        }
    }

    private static StackOutputs outputs(String name, AwsClients clients) {
        try (SsmClient ssm = clients.client(SsmClient.builder(), "SSM")) {
            return StackOutputs.parse(
                    name,
                    ssm.getParameter(request -> request.name(StackOutputs.parameter(name)))
                            .parameter()
                            .value());
        } catch (ParameterNotFoundException e) {
            throw StackException.usage("There is no stack " + name + " in this account and region: no SSM parameter "
                    + StackOutputs.parameter(name)
                    + ". Deploy it, or name the right one with --stack, --region and --profile.");
        }
    }

    /** Its names. */
    public StackOutputs outputs() {
        return outputs;
    }

    /** The executions of its batches. */
    public Executions executions() {
        return new Executions(stepFunctions, outputs);
    }

    /** Its records. */
    public JobStore jobs() {
        return jobs;
    }

    /** Its bucket. */
    public ObjectStore objects() {
        return objects;
    }

    /** Names an object of it, for people. */
    public String uri(String key) {
        return "s3://" + outputs.bucket() + "/" + key;
    }

    @Override
    public void close() {
        stepFunctions.close();
        jobs.close();
        objects.close();
    }
}
