package io.reelbatch.adapters.aws;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/** Sends everything, but says once that the connection broke when the answer was due: the SDK then sends it again. */
final class LosesOneAnswer implements SdkHttpClient {
    private final SdkHttpClient delegate = Apache5HttpClient.create();
    private final Predicate<SdkHttpRequest> isTheOne;
    private final AtomicBoolean lost = new AtomicBoolean();

    private LosesOneAnswer(Predicate<SdkHttpRequest> isTheOne) {
        this.isTheOne = isTheOne;
    }

    /** Loses the first answer to a call of a DynamoDB operation such as {@code PutItem}. */
    static LosesOneAnswer toOperation(String operation) {
        return new LosesOneAnswer(request -> request.firstMatchingHeader("X-Amz-Target")
                .filter(target -> target.endsWith("." + operation))
                .isPresent());
    }

    /** Loses the answer to the request that makes an object of its parts. */
    static LosesOneAnswer toCompletion() {
        return new LosesOneAnswer(request -> request.method().name().equals("POST")
                && request.rawQueryParameters().containsKey("uploadId"));
    }

    boolean hasLostIt() {
        return lost.get();
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = delegate.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                HttpExecuteResponse response = prepared.call();
                if (isTheOne.test(request.httpRequest()) && lost.compareAndSet(false, true)) {
                    awaitEnd(response);
                    prepared.abort();
                    throw new IOException("Connection reset");
                }
                return response;
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    /** A completion's status is sent when it begins; what was asked for is done when its body ends. */
    private static void awaitEnd(HttpExecuteResponse response) throws IOException {
        if (response.responseBody().isPresent()) {
            response.responseBody().get().transferTo(OutputStream.nullOutputStream());
        }
    }

    @Override
    public void close() {
        delegate.close();
    }
}
