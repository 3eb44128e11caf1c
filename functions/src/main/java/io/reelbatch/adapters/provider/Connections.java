package io.reelbatch.adapters.provider;

import java.io.IOException;
import java.time.Duration;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.ResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Makes HTTP clients that do one thing per call: no retries, no redirects, no cookies, no decompression, no proxy from the
 * JVM's properties. The library's defaults would repeat a POST after a 503 or a 429, which can mean paying twice.
 */
final class Connections {
    private static final int MOST_CONNECTIONS = 1000;

    /** Looks every 256 KiB whether a server answers before it has the whole body, as it does to one that is too large. */
    private static final ResponseOutOfOrderStrategy EARLY_ANSWERS =
            new MonitoringResponseOutOfOrderStrategy(256 << 10, Long.MAX_VALUE >> 20);

    private static final String SENT = "reelbatch.sent";

    private Connections() {}

    /** A client that uses a fresh connection for every request, so none can fail on one that went stale. */
    static CloseableHttpClient fresh(DnsResolver dns, Duration connectTimeout, String userAgent) {
        return builder(dns, connectTimeout, userAgent)
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableAutomaticRetries()
                .build();
    }

    /** A client that keeps connections; a GET on one that turns out to be closed is sent once more on another. */
    static CloseableHttpClient reusing(DnsResolver dns, Duration connectTimeout, String userAgent) {
        return builder(dns, connectTimeout, userAgent)
                .setRetryStrategy(new OnceOnStaleConnection())
                .build();
    }

    /** Whether a connection came about, so that a part of the request can have left. */
    static boolean wasSent(HttpClientContext context) {
        return context.getAttribute(SENT) != null;
    }

    private static HttpClientBuilder builder(DnsResolver dns, Duration connectTimeout, String userAgent) {
        // Made when the first https connection is: reading the trusted certificates takes a tenth of a second.
        TlsSocketStrategy tls = (socket, target, port, attachment, context) ->
                LazyTls.STRATEGY.upgrade(socket, target, port, attachment, context);
        return HttpClientBuilder.create()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .responseOutOfOrderStrategy(EARLY_ANSWERS)
                                .build())
                        .setDnsResolver(dns)
                        .setTlsSocketStrategy(tls)
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(connectTimeout))
                                .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                                .setTimeToLive(TimeValue.ofMinutes(5))
                                .build())
                        .build())
                .addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), SENT, Connections::markSent)
                .setUserAgent(userAgent)
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState();
    }

    private static ClassicHttpResponse markSent(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        scope.clientContext.setAttribute(SENT, true);
        return chain.proceed(request, scope);
    }

    private static final class LazyTls {
        static final TlsSocketStrategy STRATEGY = DefaultClientTlsStrategy.createDefault();
    }

    /** A kept connection that the server closed in the meantime answers nothing at all; a GET may be repeated then. */
    private static final class OnceOnStaleConnection implements HttpRequestRetryStrategy {
        @Override
        public boolean retryRequest(HttpRequest request, IOException exception, int count, HttpContext context) {
            return count <= 1 && Method.GET.isSame(request.getMethod()) && exception instanceof NoHttpResponseException;
        }

        @Override
        public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
            return false;
        }

        @Override
        public TimeValue getRetryInterval(HttpResponse response, int count, HttpContext context) {
            return TimeValue.ZERO_MILLISECONDS;
        }
    }
}
