package io.reelbatch.adapters.provider;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** Describes in words what went wrong on the way to a server. */
final class Causes {
    private Causes() {}

    /** @param cancelled whether the request was ended from outside, because {@code timeout} had passed */
    static String describe(Exception e, boolean cancelled, Duration timeout) {
        String what = String.valueOf(e.getMessage());
        if (e instanceof Http.AnswerTooLongException) {
            return what;
        }
        if (cancelled) {
            return "no whole answer within " + timeout.toMillis() + " ms";
        }
        if (e instanceof UnknownHostException) {
            return "the host name cannot be resolved: " + what;
        }
        if (e instanceof ConnectException) {
            return "cannot connect: " + what;
        }
        if (e instanceof SocketTimeoutException) {
            return "timed out: " + what;
        }
        if (e instanceof SSLException) {
            return "no trusted TLS connection: " + what;
        }
        if (e instanceof NoHttpResponseException) {
            return "the server closed the connection without an answer";
        }
        return "the connection broke: " + what;
    }
}
