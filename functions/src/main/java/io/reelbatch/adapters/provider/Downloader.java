package io.reelbatch.adapters.provider;

import io.reelbatch.adapters.provider.Deadlines.Deadline;
import io.reelbatch.adapters.provider.FetchUrl.ForbiddenUrlException;
import io.reelbatch.adapters.provider.GuardedDns.ForbiddenAddressException;
import io.reelbatch.adapters.provider.MediaSniffer.Sniffed;
import io.reelbatch.domain.provider.Download;
import io.reelbatch.domain.provider.OutputKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Fetches outputs from wherever the provider keeps them: from the public internet over https, without a key, streamed and
 * verified. Safe for use by many threads.
 */
public final class Downloader implements AutoCloseable {
    private static final int MAX_REDIRECTS = 3;

    private final Settings settings;
    private final Deadlines deadlines = new Deadlines();
    private final CloseableHttpClient client;

    /** Opens no connection yet. */
    public Downloader(Settings settings) {
        this(settings, SystemDefaultDnsResolver.INSTANCE);
    }

    Downloader(Settings settings, DnsResolver dns) {
        this.settings = settings;
        this.client = Connections.fresh(
                new GuardedDns(dns, settings.allowLoopback()), settings.connectTimeout(), settings.userAgent());
    }

    /**
     * How to fetch.
     *
     * @param allowLoopback whether this machine may be fetched from, also over plain http: for a provider that runs here
     * @param connectTimeout for a connection to come about
     * @param readTimeout for the next bytes to arrive
     * @param clock tells how far away the date of a {@code Retry-After} is
     */
    public record Settings(
            boolean allowLoopback, Duration connectTimeout, Duration readTimeout, String userAgent, Clock clock) {
        /** The usual patience: connect 5 s, read 30 s. */
        public static Settings of(boolean allowLoopback) {
            return new Settings(
                    allowLoopback,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    ProviderSettings.defaultUserAgent(),
                    Clock.systemUTC());
        }
    }

    /**
     * How much of it.
     *
     * @param maxBytes longest output
     * @param timeout for the whole transfer, redirects included
     */
    public record Limits(long maxBytes, Duration timeout) {
        /** 2 GiB within 14 minutes, which a Lambda function can still write down. */
        public static final Limits DEFAULT = new Limits(2L << 30, Duration.ofMinutes(14));
    }

    /** Where an output goes. */
    @FunctionalInterface
    public interface Sink {
        /** Called at most once, when the first bytes have told what the output is; the caller closes what it opened. */
        OutputStream open(OutputKind kind) throws IOException;
    }

    /** {@link #fetch(String, Sink, Limits)} with the usual limits. */
    public Download fetch(String url, Sink sink) throws IOException {
        return fetch(url, sink, Limits.DEFAULT);
    }

    /**
     * Fetches an output once and tells how it went.
     *
     * @param url https, or {@code data:}; http only for this machine, if that is allowed
     * @param sink takes the bytes as they arrive; what it got is worthless unless the answer is {@link Download.Done}
     * @throws IOException if the sink does not take the bytes, and for no other reason
     */
    public Download fetch(String url, Sink sink, Limits limits) throws IOException {
        Receiver receiver = new Receiver(sink, limits.maxBytes());
        try {
            if (DataUri.is(url)) {
                return decode(url, receiver, limits);
            }
            return follow(FetchUrl.parse(url, settings.allowLoopback()), receiver, limits);
        } catch (ForbiddenUrlException e) {
            return new Download.Forbidden("The output's URL is not fetched: " + e.getMessage());
        }
    }

    /**
     * Takes an output that is here already, under the same checks.
     *
     * @param in is closed
     */
    public Download copy(InputStream in, Sink sink, Limits limits) throws IOException {
        Receiver receiver = new Receiver(sink, limits.maxBytes());
        try (in) {
            return receiver.receive(in, Optional.empty()) ? verified(receiver, Optional.empty()) : tooLarge(limits);
        }
    }

    /** Drops the connections; calls under way fail. */
    @Override
    public void close() {
        deadlines.close();
        client.close(CloseMode.IMMEDIATE);
    }

    private static Download decode(String url, Receiver receiver, Limits limits) throws IOException {
        Optional<DataUri> data = DataUri.of(url);
        if (data.isEmpty()) {
            return new Download.Forbidden("The output's data: URI has no data");
        }
        try (InputStream in = data.get().open()) {
            Optional<String> declared = data.get().declaredType();
            return receiver.receive(in, declared) ? verified(receiver, declared) : tooLarge(limits);
        } catch (Receiver.SinkException e) {
            throw e;
        } catch (IOException e) {
            return new Download.Forbidden("The output's data: URI is malformed: " + e.getMessage());
        }
    }

    private Download follow(FetchUrl start, Receiver receiver, Limits limits)
            throws IOException, ForbiddenUrlException {
        long end = System.nanoTime() + limits.timeout().toNanos();
        FetchUrl url = start;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            Step step = get(url, receiver, limits, Duration.ofNanos(end - System.nanoTime()));
            if (step instanceof Step.End done) {
                return done.download();
            }
            url = url.redirected(((Step.Redirect) step).location(), settings.allowLoopback());
        }
        return new Download.Forbidden("The output's URL is redirected more than " + MAX_REDIRECTS + " times");
    }

    private sealed interface Step {
        record End(Download download) implements Step {}

        record Redirect(String location) implements Step {}
    }

    private Step get(FetchUrl url, Receiver receiver, Limits limits, Duration timeout) throws IOException {
        HttpGet request = new HttpGet(url.uri());
        request.setHeader(HttpHeaders.ACCEPT, "*/*");
        // The bytes are verified as they are served, so nothing on the way may pack them.
        request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        request.setConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.of(settings.readTimeout()))
                .setConnectionRequestTimeout(Timeout.of(settings.connectTimeout()))
                .setRedirectsEnabled(false)
                .build());
        Deadline deadline = deadlines.cancel(request, timeout);
        try (deadline) {
            ClassicHttpResponse response = client.executeOpen(null, request, null);
            try {
                return answer(url, response, receiver, limits);
            } catch (Receiver.SinkException e) {
                throw e;
            } catch (IOException e) {
                return new Step.End(
                        new Download.Cut(url + ": " + Causes.describe(e, deadline.passed(), limits.timeout())));
            } finally {
                // Otherwise closing would read the rest, of which nothing is needed.
                request.cancel();
                Closer.closeQuietly(response);
            }
        } catch (Receiver.SinkException e) {
            throw e;
        } catch (ForbiddenAddressException e) {
            return new Step.End(new Download.Forbidden("The output's URL is not fetched: " + e.getMessage()));
        } catch (IOException | IllegalStateException e) {
            String message = url + ": " + Causes.describe(e, deadline.passed(), limits.timeout());
            return new Step.End(new Download.Unavailable(message, Optional.empty()));
        }
    }

    private Step answer(FetchUrl url, ClassicHttpResponse response, Receiver receiver, Limits limits)
            throws IOException {
        return switch (response.getCode()) {
            case 200, 203 -> new Step.End(receive(url, response, receiver, limits));
            case 301, 302, 303, 307, 308 ->
                header(response, HttpHeaders.LOCATION)
                        .<Step>map(Step.Redirect::new)
                        .orElseGet(() -> new Step.End(unavailable(url, response)));
            case 400, 401, 403, 404, 410 ->
                new Step.End(new Download.Expired(url + " answers HTTP " + response.getCode()));
            default -> new Step.End(unavailable(url, response));
        };
    }

    private static Download receive(FetchUrl url, ClassicHttpResponse response, Receiver receiver, Limits limits)
            throws IOException {
        @Nullable HttpEntity entity = response.getEntity();
        if (entity == null) {
            return new Download.Cut(url + " gives no bytes");
        }
        Optional<String> type = header(response, HttpHeaders.CONTENT_TYPE).map(Downloader::baseType);
        if (entity.getContentLength() > limits.maxBytes() || !receiver.receive(entity.getContent(), type)) {
            return tooLarge(limits);
        }
        long declared = entity.getContentLength();
        if (receiver.bytes() == 0 || (declared >= 0 && declared != receiver.bytes())) {
            return new Download.Cut(url + " gives " + receiver.bytes() + " of " + declared + " bytes");
        }
        return verified(receiver, type);
    }

    private static Download verified(Receiver receiver, Optional<String> declaredType) {
        Sniffed sniffed = receiver.sniffed();
        if (!receiver.isWhole()) {
            return new Download.Cut(
                    "The output lacks its end: its " + receiver.bytes() + " bytes announce more than there is");
        }
        if (sniffed instanceof Sniffed.Media media) {
            return new Download.Done(receiver.bytes(), receiver.sha256(), media.kind(), declaredType);
        }
        return new Download.NotMedia("The output is no image, video or sound but " + ((Sniffed.Other) sniffed).type()
                + " of " + receiver.bytes() + " bytes");
    }

    private Download unavailable(FetchUrl url, ClassicHttpResponse response) {
        return new Download.Unavailable(
                url + " answers HTTP " + response.getCode(), RetryAfter.of(response, settings.clock()));
    }

    private static Download tooLarge(Limits limits) {
        return new Download.TooLarge("The output is longer than the limit of " + limits.maxBytes() + " bytes");
    }

    private static Optional<String> header(ClassicHttpResponse response, String name) {
        @Nullable Header header = response.getFirstHeader(name);
        return header == null ? Optional.empty() : Optional.ofNullable(header.getValue());
    }

    private static String baseType(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
