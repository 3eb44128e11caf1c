package io.reelbatch.adapters.provider;

import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.provider.KeySource;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The provider's address, key and time limits.
 *
 * @param baseUrl http or https, such as {@code https://api.atlascloud.ai/api/v1}, without a slash at its end
 * @param key asked before each request, and once more when the provider refuses what it gave
 * @param api which shape of the API the server speaks
 * @param connectTimeout for one connection to come about, TLS included
 * @param readTimeout for the next bytes of an answer to arrive
 * @param callTimeout for everything but a submit, start to end
 * @param maxAnswerBytes longest answer read: outputs can come inside it
 * @param userAgent never a library's default, which the edge in front of the provider blocks
 * @param clock tells how far away the date of a {@code Retry-After} is
 * @param realm whose accounts they are: the base URL, unless that changes from run to run
 */
public record ProviderSettings(
        URI baseUrl,
        KeySource key,
        ProviderApi api,
        Duration connectTimeout,
        Duration readTimeout,
        Duration callTimeout,
        int maxAnswerBytes,
        String userAgent,
        Clock clock,
        URI realm) {
    /** The real provider. */
    public static final URI ATLAS = URI.create("https://api.atlascloud.ai/api/v1");

    public ProviderSettings {
        String scheme = String.valueOf(baseUrl.getScheme());
        if (!(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https")) || baseUrl.getHost() == null) {
            throw new IllegalArgumentException("the provider's base URL is not an http or https URL: " + baseUrl);
        }
        if (baseUrl.getRawUserInfo() != null || baseUrl.getRawQuery() != null || baseUrl.getRawFragment() != null) {
            throw new IllegalArgumentException("the provider's base URL has a user name, a query or a fragment");
        }
        baseUrl = URI.create(baseUrl.toString().replaceAll("/+$", ""));
    }

    /** The usual patience: connect 5 s, read 30 s, a call 60 s. */
    public static ProviderSettings of(URI baseUrl, KeySource key, ProviderApi api) {
        return new ProviderSettings(
                baseUrl,
                key,
                api,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                64 << 20,
                defaultUserAgent(),
                Clock.systemUTC(),
                baseUrl);
    }

    /** The same with other time-outs. */
    public ProviderSettings withTimeouts(Duration connect, Duration read, Duration call) {
        return new ProviderSettings(baseUrl, key, api, connect, read, call, maxAnswerBytes, userAgent, clock, realm);
    }

    /** The same with another limit to the length of an answer. */
    public ProviderSettings withMaxAnswerBytes(int bytes) {
        return new ProviderSettings(
                baseUrl, key, api, connectTimeout, readTimeout, callTimeout, bytes, userAgent, clock, realm);
    }

    /** The same with another clock. */
    public ProviderSettings withClock(Clock other) {
        return new ProviderSettings(
                baseUrl, key, api, connectTimeout, readTimeout, callTimeout, maxAnswerBytes, userAgent, other, realm);
    }

    /** The same, with accounts of another server than the base URL's. */
    public ProviderSettings withRealm(URI other) {
        return new ProviderSettings(
                baseUrl, key, api, connectTimeout, readTimeout, callTimeout, maxAnswerBytes, userAgent, clock, other);
    }

    /** Names this program and its version. */
    static String defaultUserAgent() {
        String version = Optional.ofNullable(ProviderSettings.class.getPackage().getImplementationVersion())
                .orElse("dev");
        return "reelbatch/" + version + " (batch pipeline; Java "
                + Runtime.version().feature() + ")";
    }
}
