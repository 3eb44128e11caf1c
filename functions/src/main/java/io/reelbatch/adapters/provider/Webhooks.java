package io.reelbatch.adapters.provider;

import io.reelbatch.adapters.provider.FetchUrl.ForbiddenUrlException;
import io.reelbatch.domain.notify.Delivery;
import io.reelbatch.domain.notify.Notice;
import io.reelbatch.domain.notify.SigningSecret;
import io.reelbatch.domain.provider.Reply;
import io.reelbatch.domain.provider.Secrets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.Closer;

/**
 * Posts notices to receivers on the public internet, signed by the Standard Webhooks convention. Follows no redirect. Safe for
 * use by many threads.
 */
public final class Webhooks implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    /** Nobody reads it. */
    private static final int LONGEST_ANSWER = 64 << 10;

    private static final int GONE = 410;

    private final boolean allowLoopback;
    private final Clock clock;
    private final Duration answerTimeout;
    private final Deadlines deadlines = new Deadlines();
    private final CloseableHttpClient client;

    /**
     * Opens no connection yet.
     *
     * @param allowLoopback whether this machine may be posted to, also over plain http
     * @param clock stamps what is sent
     */
    public Webhooks(boolean allowLoopback, Clock clock) {
        this(allowLoopback, clock, ANSWER, SystemDefaultDnsResolver.INSTANCE);
    }

    Webhooks(boolean allowLoopback, Clock clock, Duration answerTimeout, DnsResolver dns) {
        this.allowLoopback = allowLoopback;
        this.clock = clock;
        this.answerTimeout = answerTimeout;
        this.client =
                Connections.fresh(new GuardedDns(dns, allowLoopback), CONNECT, ProviderSettings.defaultUserAgent());
    }

    /** Sends a notice once and tells how that went. */
    public Delivery post(String webhook, Notice notice, Optional<SigningSecret> secret) {
        FetchUrl url;
        try {
            url = FetchUrl.parse(webhook, allowLoopback);
        } catch (ForbiddenUrlException e) {
            return new Delivery.Never("the webhook is not called: " + e.getMessage());
        }
        Http http = new Http(deadlines, clock, LONGEST_ANSWER);
        Exchange exchange = http.send(client, request(url, notice, secret), answerTimeout, answerTimeout, Secrets.NONE);
        return exchange instanceof Exchange.Answered answered
                ? delivery(url.host(), answered.reply())
                : new Delivery.Later(url.host() + ": " + exchange.message(), Optional.empty());
    }

    private HttpPost request(FetchUrl url, Notice notice, Optional<SigningSecret> secret) {
        Instant now = clock.instant();
        HttpPost request = new HttpPost(url.uri());
        request.setHeader("webhook-id", notice.id());
        request.setHeader("webhook-timestamp", String.valueOf(now.getEpochSecond()));
        secret.ifPresent(key -> request.setHeader("webhook-signature", key.sign(notice.id(), now, notice.body())));
        request.setEntity(new StringEntity(notice.body(), ContentType.APPLICATION_JSON));
        return request;
    }

    private static Delivery delivery(String host, Reply reply) {
        if (reply.status() / 100 == 2) {
            return new Delivery.Done();
        }
        String why = host + " answered " + reply.status();
        return reply.status() == GONE
                ? new Delivery.Never(why + ": it wants no more of these")
                : new Delivery.Later(why, reply.retryAfter());
    }

    @Override
    public void close() {
        deadlines.close();
        Closer.closeQuietly(client);
    }
}
