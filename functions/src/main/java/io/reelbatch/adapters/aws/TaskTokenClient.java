package io.reelbatch.adapters.aws;

import io.reelbatch.errors.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.TaskDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;

/** Ends tasks of Step Functions that wait for a token. */
public final class TaskTokenClient {
    private static final Logger LOG = LoggerFactory.getLogger(TaskTokenClient.class);

    private final SfnClient client;

    public TaskTokenClient(SfnClient client) {
        this.client = client;
    }

    /**
     * Goes on with the task of that token; nothing happens if none waits for it any more.
     *
     * @param output JSON, the task's result
     * @throws StoreException if Step Functions cannot be told
     */
    public void succeed(String token, String output) {
        tell(() -> client.sendTaskSuccess(request -> request.taskToken(token).output(output)));
    }

    /**
     * Ends the task of that token with an error; nothing happens if none waits for it any more.
     *
     * @throws StoreException if Step Functions cannot be told
     */
    public void fail(String token, String error, String cause) {
        tell(() -> client.sendTaskFailure(
                request -> request.taskToken(token).error(error).cause(cause)));
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (TaskTimedOutException | TaskDoesNotExistException | InvalidTokenException e) {
            LOG.atInfo()
                    .setMessage("nobody waits any more")
                    .addKeyValue("why", e.getClass().getSimpleName())
                    .log();
        } catch (SdkException e) {
            throw new StoreException("cannot end a task that waits for a token: " + Advice.on(e), e);
        }
    }
}
