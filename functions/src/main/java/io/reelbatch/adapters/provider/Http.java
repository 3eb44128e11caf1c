package io.reelbatch.adapters.provider;

import io.reelbatch.adapters.provider.Deadlines.Deadline;
import io.reelbatch.domain.provider.Reply;
import io.reelbatch.domain.provider.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;

/** Sends one request and reads its answer into memory, within a deadline and a limit of bytes. */
final class Http {
    private final Deadlines deadlines;
    private final Clock clock;
    private final int maxAnswerBytes;

    Http(Deadlines deadlines, Clock clock, int maxAnswerBytes) {
        this.deadlines = deadlines;
        this.clock = clock;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /**
     * @param readTimeout for the next bytes of the answer
     * @param timeout for all of it
     * @param secrets kept out of messages
     */
    Exchange send(
            CloseableHttpClient client,
            HttpUriRequestBase request,
            Duration readTimeout,
            Duration timeout,
            Secrets secrets) {
        Duration read = readTimeout.compareTo(timeout) < 0 ? readTimeout : timeout;
        request.setConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.of(read))
                .setConnectionRequestTimeout(Timeout.of(timeout))
                .setRedirectsEnabled(false)
                .build());
        HttpClientContext context = HttpClientContext.create();
        Deadline deadline = deadlines.cancel(request, timeout);
        try (deadline) {
            return answer(request, client.executeOpen(null, request, context));
        } catch (IOException | IllegalStateException e) {
            String message = secrets.mask(Causes.describe(e, deadline.passed(), timeout));
            return Connections.wasSent(context) ? new Exchange.Broken(message) : new Exchange.NotSent(message);
        }
    }

    private Exchange answer(Cancellable request, ClassicHttpResponse response) throws IOException {
        try {
            return read(request, response);
        } finally {
            // Closing reports again what reading has found, if anything.
            Closer.closeQuietly(response);
        }
    }

    private Exchange read(Cancellable request, ClassicHttpResponse response) throws IOException {
        Optional<Duration> retryAfter = RetryAfter.of(response, clock);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            try {
                copy(request, entity.getContent(), body);
            } catch (AnswerTooLongException e) {
                throw e;
            } catch (IOException e) {
                // Cut short. If the JSON is whole all the same, it is the answer: an id in it must not be lost.
                Reply reply = Reply.of(response.getCode(), body.toByteArray(), retryAfter);
                if (reply.json().isEmpty()) {
                    throw e;
                }
                return new Exchange.Answered(reply);
            }
        }
        return new Exchange.Answered(Reply.of(response.getCode(), body.toByteArray(), retryAfter));
    }

    private void copy(Cancellable request, InputStream in, ByteArrayOutputStream body) throws IOException {
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (body.size() + n > maxAnswerBytes) {
                // Otherwise the library would read the rest to keep the connection.
                request.cancel();
                throw new AnswerTooLongException("the answer is longer than " + maxAnswerBytes + " bytes");
            }
            body.write(buffer, 0, n);
        }
    }

    /** The server sends more than we are ready to hold. */
    static final class AnswerTooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        AnswerTooLongException(String message) {
            super(message);
        }
    }
}
