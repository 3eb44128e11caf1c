package io.reelbatch.adapters.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.provider.Answer;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.provider.Balance;
import io.reelbatch.domain.provider.FreeCallReader;
import io.reelbatch.domain.provider.PollAnswer;
import io.reelbatch.domain.provider.PollReader;
import io.reelbatch.domain.provider.ProviderError;
import io.reelbatch.domain.provider.ProviderError.Kind;
import io.reelbatch.domain.provider.ProviderModel;
import io.reelbatch.domain.provider.Quote;
import io.reelbatch.domain.provider.Reply;
import io.reelbatch.domain.provider.SameHost;
import io.reelbatch.domain.provider.Secrets;
import io.reelbatch.domain.provider.SubmitAnswer;
import io.reelbatch.domain.provider.SubmitReader;
import io.reelbatch.domain.webhook.KeySet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;

/**
 * The provider's API. Every call sends its request once, and once more only if the provider refused a key that has been
 * replaced since. Calls return what happened and never throw because of what a server or the network does. Safe for use
 * by many threads.
 */
public final class ProviderClient implements AutoCloseable {
    private static final String JSON = "application/json";

    private final ProviderSettings settings;
    private final Deadlines deadlines = new Deadlines();
    private final Http http;
    private final CloseableHttpClient submits;
    private final CloseableHttpClient others;

    /** Opens no connection yet. */
    public ProviderClient(ProviderSettings settings) {
        this.settings = settings;
        this.http = new Http(deadlines, settings.clock(), settings.maxAnswerBytes());
        this.submits =
                Connections.fresh(SystemDefaultDnsResolver.INSTANCE, settings.connectTimeout(), settings.userAgent());
        this.others =
                Connections.reusing(SystemDefaultDnsResolver.INSTANCE, settings.connectTimeout(), settings.userAgent());
    }

    /**
     * Asks for one generation, which costs money as soon as it is accepted. Sent once, on a connection of its own.
     *
     * @param endpoint such as {@code generateImage}
     * @param body model, prompt and parameters
     * @param timeout from now until nothing of this call is under way any more
     */
    public SubmitAnswer submit(String endpoint, ObjectNode body, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        return withKey(
                key -> submit(endpoint, body, Duration.ofNanos(end - System.nanoTime()), key),
                answer -> answer instanceof SubmitAnswer.Refused refused && isBadKey(refused.error()));
    }

    private SubmitAnswer submit(String endpoint, ObjectNode body, Duration timeout, ApiKey key) {
        Secrets secrets = Secrets.of(key);
        HttpPost request = new HttpPost(url("/model/" + segment(endpoint)));
        request.setEntity(new ByteArrayEntity(bytes(body), ContentType.APPLICATION_JSON));
        authorize(request, key);
        Exchange exchange = http.send(submits, request, timeout, timeout, secrets);
        if (exchange instanceof Exchange.Answered answered) {
            return new SubmitReader(settings.baseUrl(), secrets).read(answered.reply());
        }
        return exchange instanceof Exchange.NotSent
                ? new SubmitAnswer.NotSent(exchange.message())
                : new SubmitAnswer.Lost(exchange.message());
    }

    /** Nothing that was answered with 401 was accepted: it may be sent again where the key was replaced meanwhile. */
    private <T> T withKey(Function<ApiKey, T> call, Predicate<T> isRefused) {
        ApiKey key = settings.key().get();
        T answer = call.apply(key);
        if (!isRefused.test(answer)) {
            return answer;
        }
        return settings.key().insteadOf(key).map(call).orElse(answer);
    }

    private static boolean isBadKey(ProviderError error) {
        return error.kind() == Kind.UNAUTHORIZED;
    }

    /**
     * Asks how a prediction is doing.
     *
     * @param pollUrl where the provider asked to be polled; ignored unless it is on the provider's own host
     */
    public PollAnswer poll(String predictionId, Optional<URI> pollUrl) {
        return withKey(
                key -> poll(predictionId, pollUrl, key),
                answer -> answer instanceof PollAnswer.Refused refused && isBadKey(refused.error()));
    }

    private PollAnswer poll(String predictionId, Optional<URI> pollUrl, ApiKey key) {
        Secrets secrets = Secrets.of(key);
        HttpGet request = new HttpGet(pollUrl.filter(url -> SameHost.is(settings.baseUrl(), url))
                .orElseGet(() -> defaultPollUrl(predictionId)));
        authorize(request, key);
        Exchange exchange = http.send(others, request, settings.readTimeout(), settings.callTimeout(), secrets);
        if (exchange instanceof Exchange.Answered answered) {
            return new PollReader(secrets).read(answered.reply());
        }
        return new PollAnswer.Unavailable(exchange.message(), Optional.empty());
    }

    /**
     * Hands the provider a file to use as an input. The bytes are streamed, and sent once.
     *
     * @param fileName its last letters tell the type; everything but plain letters, digits, dots and dashes is replaced
     * @param length bytes that {@code content} holds
     * @param timeout for the whole transfer
     * @return a temporary URL
     * @throws UncheckedIOException if {@code content} cannot be read
     */
    public Answer<URI> upload(String fileName, String contentType, InputStream content, long length, Duration timeout) {
        ApiKey key = settings.key().get();
        UploadBody body = new UploadBody(fileName, contentType, content, length);
        HttpPost request = new HttpPost(url("/model/uploadMedia"));
        request.setEntity(body.entity());
        authorize(request, key);
        Secrets secrets = Secrets.of(key);
        Exchange exchange = http.send(submits, request, timeout, timeout, secrets);
        body.throwIfUnreadable();
        return afterKeyCheck(key, read(exchange, new FreeCallReader(secrets)::upload));
    }

    /** The bytes are gone: with a new key whoever asked asks again. */
    private Answer<URI> afterKeyCheck(ApiKey key, Answer<URI> answer) {
        boolean isReplaced = answer instanceof Answer.Refused<URI> refused
                && isBadKey(refused.error())
                && settings.key().insteadOf(key).isPresent();
        return isReplaced ? new Answer.Unavailable<>("the API key was replaced meanwhile", Optional.empty()) : answer;
    }

    /**
     * Asks what a submit of this body would cost. Creates nothing.
     *
     * @param body the same as for a submit
     */
    public Answer<Quote> quote(ObjectNode body) {
        return quote(body, settings.callTimeout());
    }

    /**
     * The same, with less patience.
     *
     * @param timeout from now until the call is over
     */
    public Answer<Quote> quote(ObjectNode body, Duration timeout) {
        HttpPost request = new HttpPost(url("/model/calculate"));
        request.setEntity(new ByteArrayEntity(bytes(body), ContentType.APPLICATION_JSON));
        return call(request, timeout, reader -> reader::quote);
    }

    /** Asks what the account has left. */
    public Answer<Balance> balance() {
        return balance(settings.callTimeout());
    }

    /**
     * The same, with less patience.
     *
     * @param timeout from now until the call is over
     */
    public Answer<Balance> balance(Duration timeout) {
        // The one path outside the base URL's version.
        String root = settings.baseUrl().toString().replaceFirst("/api/v1$", "");
        return call(new HttpGet(URI.create(root + "/public/v1/balance")), timeout, reader -> reader::balance);
    }

    /** Asks for the list of models, which everybody may see: no key goes along. */
    public Answer<List<ProviderModel>> models() {
        HttpGet request = new HttpGet(url("/models"));
        request.setHeader(HttpHeaders.ACCEPT, JSON);
        Exchange exchange = http.send(others, request, settings.readTimeout(), settings.callTimeout(), Secrets.NONE);
        return read(exchange, new FreeCallReader(Secrets.NONE)::models);
    }

    /** Asks for the keys that callbacks are signed with, which everybody may see: no key goes along. */
    public Answer<KeySet> webhookKeys() {
        HttpGet request = new HttpGet(url("/webhooks/jwks.json"));
        request.setHeader(HttpHeaders.ACCEPT, JSON);
        Exchange exchange = http.send(others, request, settings.readTimeout(), settings.callTimeout(), Secrets.NONE);
        return read(exchange, new FreeCallReader(Secrets.NONE)::webhookKeys);
    }

    /** Names the account that pays: another one for another server, and telling neither server nor key. */
    public String account() {
        String text =
                "reelbatch account\n" + settings.realm() + "\n" + settings.key().account();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Drops the connections; calls under way fail. */
    /** Whether an address lies on the provider's own host, so that it can fetch it by itself. */
    public boolean serves(String url) {
        try {
            return SameHost.is(settings.baseUrl(), new URI(url));
        } catch (URISyntaxException notAnAddress) {
            return false;
        }
    }

    @Override
    public void close() {
        deadlines.close();
        submits.close(CloseMode.IMMEDIATE);
        others.close(CloseMode.IMMEDIATE);
    }

    private URI defaultPollUrl(String predictionId) {
        String path = "/model/prediction/" + segment(predictionId);
        return url(settings.api() == ProviderApi.TUTORIAL ? path + "/get" : path);
    }

    private URI url(String path) {
        return URI.create(settings.baseUrl() + path);
    }

    private <T> Answer<T> call(
            HttpUriRequestBase request,
            Duration timeout,
            Function<FreeCallReader, Function<Reply, Answer<T>>> meaning) {
        return withKey(
                key -> {
                    Secrets secrets = Secrets.of(key);
                    authorize(request, key);
                    Exchange exchange = http.send(others, request, settings.readTimeout(), timeout, secrets);
                    return read(exchange, meaning.apply(new FreeCallReader(secrets)));
                },
                answer -> answer instanceof Answer.Refused<T> refused && isBadKey(refused.error()));
    }

    private static <T> Answer<T> read(Exchange exchange, Function<Reply, Answer<T>> meaning) {
        return exchange instanceof Exchange.Answered answered
                ? meaning.apply(answered.reply())
                : new Answer.Unavailable<>(exchange.message(), Optional.empty());
    }

    private static void authorize(HttpUriRequestBase request, ApiKey key) {
        request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key.reveal());
        request.setHeader(HttpHeaders.ACCEPT, JSON);
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static byte[] bytes(ObjectNode body) {
        try {
            return Json.mapper().writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(new IOException("a request cannot be written as JSON", e));
        }
    }
}
