package io.reelbatch.adapters.provider;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.provider.PollAnswer;
import io.reelbatch.domain.provider.ProviderError;
import io.reelbatch.domain.provider.ProviderError.Kind;
import io.reelbatch.domain.provider.SubmitAnswer;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent in a submit, and what each answer to it means. */
class SubmitTest extends ProviderTestBase {
    private static final String HTML_502 = "<html>\r\n<head><title>502 Bad Gateway</title></head></html>";

    @Test
    void sendsTheBodyWithTheKeyAndARealUserAgent() {
        answers(200, "{\"code\":200,\"data\":{\"id\":\"pred-1\"}}");

        submit();

        SERVER.verify(
                1,
                postRequestedFor(urlEqualTo("/api/v1/model/generateImage"))
                        .withHeader("Authorization", equalTo("Bearer " + KEY))
                        .withHeader("User-Agent", matching("reelbatch/\\S+ .*"))
                        .withHeader("Content-Type", matching("application/json.*"))
                        .withRequestBody(equalToJson(body().toString())));
    }

    @Test
    void takesTheIdOutOfTheEnvelope() {
        answers(200, """
                {"code":200,"message":"","data":{"id":"prediction-id","status":"created","outputs":null,
                 "urls":{"get":"%s/model/prediction/prediction-id"}}}""".formatted(base()));

        assertThat(submit())
                .isEqualTo(
                        accepted("prediction-id", Optional.of(URI.create(base() + "/model/prediction/prediction-id"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"pred-1\",\"status\":\"processing\"}",
                "{\"predictionId\":\"pred-1\"}",
                "{\"data\":{\"predictionId\":\"pred-1\"}}",
                "{\"request_id\":\"pred-1\"}",
                "{\"code\":\"200\",\"data\":{\"id\":\"pred-1\"},\"request_id\":\"trace\"}",
                "{\"code\":200,\"data\":{\"id\":\"pred-1\"},\"id\":\"other\",\"predictionId\":\"other\"}",
                "{\"id\":\"pred-1\",\"error\":\"\",\"error_code\":null}",
            })
    void takesTheIdFromEveryShapeInWhichItWasSeen(String body) {
        answers(200, body);

        assertThat(submit()).isEqualTo(accepted("pred-1", Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202})
    void believesAnIdOnEverySuccessfulStatus(int status) {
        answers(status, "{\"data\":{\"id\":\"pred-1\"}}");

        assertThat(submit()).isEqualTo(accepted("pred-1", Optional.empty()));
    }

    @Test
    void takesANumberAsAnId() {
        answers(200, "{\"data\":{\"id\":12345678901234567890}}");

        assertThat(submit()).isEqualTo(accepted("12345678901234567890", Optional.empty()));
    }

    @Test
    void aFailedGenerationInTheSubmitAnswerWasAcceptedAllTheSame() {
        answers(200, "{\"code\":500,\"data\":{\"id\":\"pred-1\",\"status\":\"failed\",\"error\":\"boom\"}}");

        assertThat(submit()).isEqualTo(accepted("pred-1", Optional.empty()));
    }

    @Test
    void takesOutputsThatAreAlreadyInTheAnswer() {
        answers(
                200,
                "{\"code\":200,\"data\":{\"id\":\"pred-1\",\"status\":\"completed\",\"outputs\":[\"data:image/png;base64,iVBORw0KGgo=\"],\"price\":\"0.04\"}}");

        SubmitAnswer.Accepted answer = (SubmitAnswer.Accepted) submit();

        assertThat(answer.outputs()).containsExactly("data:image/png;base64,iVBORw0KGgo=");
        assertThat(answer.price()).contains(new BigDecimal("0.04"));
    }

    @Test
    void outputsWithoutAnIdAreAGenerationToo() {
        answers(200, "{\"status\":\"completed\",\"output\":{\"image_url\":\"https://cdn.example/1.png\"}}");

        assertThat(submit()).isInstanceOfSatisfying(SubmitAnswer.Accepted.class, answer -> {
            assertThat(answer.predictionId()).isEmpty();
            assertThat(answer.outputs()).containsExactly("https://cdn.example/1.png");
        });
    }

    @Test
    void outputsOfAPredictionThatStillRunsAreNotTheResult() {
        answers(
                200,
                "{\"data\":{\"id\":\"pred-1\",\"status\":\"processing\",\"outputs\":[\"https://cdn.example/draft\"]}}");

        assertThat(submit()).isEqualTo(accepted("pred-1", Optional.empty()));
    }

    @Test
    void readsAnAnswerWithOutputsOfManyMegabytes() {
        String output = "data:image/png;base64," + "A".repeat(24 << 20);
        answers(200, "{\"data\":{\"id\":\"pred-1\",\"status\":\"completed\",\"outputs\":[\"" + output + "\"]}}");

        assertThat(submit())
                .isInstanceOfSatisfying(
                        SubmitAnswer.Accepted.class,
                        answer -> assertThat(answer.outputs().get(0)).hasSameSizeAs(output));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/api/v1/model/prediction/pred-1",
                "http://127.0.0.1:1/api/v1/model/prediction/pred-1",
                "ftp://x/y",
                "http://user@%HOST%/api/v1/model/prediction/pred-1",
                "https://%HOST%/api/v1/model/prediction/pred-1",
                "not a url",
                "",
            })
    void ignoresAPollUrlOnAnotherHost(String url) {
        String text = url.replace("%HOST%", base().getRawAuthority());
        answers(200, "{\"data\":{\"id\":\"pred-1\",\"urls\":{\"get\":\"" + text + "\"}}}");

        SubmitAnswer.Accepted answer = (SubmitAnswer.Accepted) submit();

        assertThat(answer.pollUrl().map(URI::getRawAuthority))
                .isIn(Optional.empty(), Optional.of(base().getRawAuthority()));
        assertThat(answer.pollUrl().map(URI::getScheme)).isIn(Optional.empty(), Optional.of("http"));
    }

    @Test
    void resolvesAPollUrlWithoutAHostAgainstTheProviders() {
        answers(200, "{\"data\":{\"id\":\"pred-1\",\"urls\":{\"get\":\"/api/v1/model/result/pred-1\"}}}");

        assertThat(submit()).isEqualTo(accepted("pred-1", Optional.of(base().resolve("/api/v1/model/result/pred-1"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | BAD_REQUEST     | REFUSED",
                "401 | UNAUTHORIZED    | ACCOUNT_REFUSED",
                "402 | OUT_OF_BALANCE  | OUT_OF_BALANCE",
                "403 | FORBIDDEN       | REFUSED",
                "404 | NOT_FOUND       | REFUSED",
                "413 | TOO_LARGE       | REFUSED",
                "422 | BAD_REQUEST     | REFUSED",
                "451 | REGION          | REFUSED",
                "500 | SERVER_ERROR    | PROVIDER_ERROR",
                "503 | SERVER_ERROR    | PROVIDER_ERROR",
            })
    void aRefusalInTheProvidersOwnWordsWasNotAccepted(int status, Kind kind, Reason reason) {
        answers(status, "{\"code\":" + status + ",\"msg\":\"no, because\",\"request_id\":\"trace-9\",\"data\":null}");

        ProviderError error = ((SubmitAnswer.Refused) submit()).error();

        assertThat(error)
                .isEqualTo(new ProviderError(status, kind, "no, because", Optional.empty(), Optional.of("trace-9")));
        assertThat(error.kind().reason()).isEqualTo(reason);
        assertThat(error.describe()).contains("no, because", String.valueOf(status), "trace-9");
    }

    @Test
    void readsTheOtherFormOfErrors() {
        answers(
                400,
                "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"bad_size\",\"message\":\"size: 5*5\",\"param\":\"size\"},\"request_id\":\"trace-9\"}");

        assertThat(((SubmitAnswer.Refused) submit()).error())
                .isEqualTo(new ProviderError(
                        400, Kind.BAD_REQUEST, "size: 5*5", Optional.of("bad_size"), Optional.of("trace-9")));
    }

    @Test
    void anErrorInsideAnHttp200IsStillAnError() {
        answers(
                200,
                "{\"code\":\"402\",\"message\":\"insufficient balance\",\"request_id\":\"trace-9\",\"data\":null}");

        assertThat(submit()).isInstanceOfSatisfying(SubmitAnswer.Refused.class, refused -> {
            assertThat(refused.error().kind()).isEqualTo(Kind.OUT_OF_BALANCE);
            assertThat(refused.error().kind().stopsBatch()).isTrue();
        });
    }

    @Test
    void aRateLimitInsideAnHttp200IsARateLimit() {
        answers(200, "{\"code\":429,\"msg\":\"slow down\",\"data\":null}");

        assertThat(submit()).isInstanceOf(SubmitAnswer.Throttled.class);
    }

    @Test
    void theRequestIdOfAnErrorIsNeverAPrediction() {
        answers(200, "{\"error\":{\"message\":\"odd\"},\"request_id\":\"trace-9\"}");
        assertThat(submit()).isInstanceOf(SubmitAnswer.Lost.class);

        answers(500, "{\"code\":500,\"msg\":\"odd\",\"request_id\":\"trace-9\"}");
        assertThat(submit()).isInstanceOf(SubmitAnswer.Refused.class);

        answers(504, "{\"code\":504,\"msg\":\"too late\",\"request_id\":\"trace-9\"}");
        assertThat(submit()).isInstanceOf(SubmitAnswer.Lost.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 500})
    void moderationIsFinalWhateverTheStatus(int status) {
        answers(status, "{\"code\":" + status + ",\"msg\":\"sensitive\",\"data\":{\"error_code\":\"1039\"}}");

        ProviderError error = ((SubmitAnswer.Refused) submit()).error();

        assertThat(error.kind()).isEqualTo(Kind.MODERATED);
        assertThat(error.kind().retryable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"code\":200,\"data\":null}",
                "{\"code\":200,\"data\":{\"status\":\"created\"}}",
                "{\"code\":200,\"data\":{\"id\":\"\"}}",
                "{\"code\":200,\"data\":{\"id\":\"..\"}}",
                "[]",
                "null",
                "\"pred-1\"",
                "",
                "{\"code\":200,\"data\":{\"id\":\"pre",
                "<!DOCTYPE html><title>Just a moment...</title>",
            })
    void aSuccessWithoutAnIdLeavesItOpen(String body) {
        answers(200, body);

        assertThat(submit()).isInstanceOf(SubmitAnswer.Lost.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 520, 524})
    void aPageFromTheEdgeLeavesItOpen(int status) {
        answers(status, HTML_502);

        assertThat(submit())
                .isInstanceOfSatisfying(
                        SubmitAnswer.Lost.class,
                        lost -> assertThat(lost.message())
                                .contains("502 Bad Gateway")
                                .doesNotContain("<"));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 499, 502, 504})
    void jsonFromSomebodyWhoOnlyPassedItOnLeavesItOpen(int status) {
        answers(status, "{\"code\":" + status + ",\"msg\":\"upstream\",\"data\":null}");

        assertThat(submit()).isInstanceOf(SubmitAnswer.Lost.class);
    }

    @Test
    void aServerErrorThatNamesAPredictionLeavesItOpen() {
        answers(500, "{\"code\":500,\"msg\":\"odd\",\"data\":{\"id\":\"pred-1\"}}");

        assertThat(submit()).isInstanceOf(SubmitAnswer.Lost.class);
    }

    @Test
    void aSyncLimitWithAnIdWasAccepted() {
        answers(504, "{\"code\":504,\"msg\":\"sync timeout\",\"data\":{\"id\":\"pred-1\",\"status\":\"processing\"}}");

        assertThat(submit()).isEqualTo(accepted("pred-1", Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"code\":429}", "<html>slow down</html>", "''", "{\"data\":{\"id\":\"not-a-prediction\"}}"})
    void aRateLimitIsARateLimitWhateverItsBody(String body) {
        answers(429, body);

        assertThat(submit())
                .isInstanceOfSatisfying(
                        SubmitAnswer.Throttled.class,
                        throttled -> assertThat(throttled.retryAfter()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7                             | PT7S",
                "Mon, 02 Nov 2026 08:00:30 GMT | PT30S",
                "Mon, 02 Nov 2026 07:00:00 GMT | PT0S",
                "999999999                     | PT24H",
            })
    void honoursRetryAfterInSecondsAndAsADate(String header, Duration wait) {
        answers(aResponse().withStatus(429).withHeader("Retry-After", header));

        assertThat(((SubmitAnswer.Throttled) submit()).retryAfter()).contains(wait);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-5", "", "1e3"})
    void ignoresARetryAfterThatSaysNothing(String header) {
        answers(aResponse().withStatus(429).withHeader("Retry-After", header));

        assertThat(((SubmitAnswer.Throttled) submit()).retryAfter()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void neverSendsASubmitTwice(int status) {
        answers(aResponse().withStatus(status).withHeader("Retry-After", "0").withBody("{\"code\":1,\"msg\":\"x\"}"));

        submit();

        SERVER.verify(1, postRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @CsvSource({"301, true", "302, false", "303, false", "307, true", "308, true"})
    void neverFollowsARedirectWithASubmit(int status, boolean certainlyNotAccepted) {
        answers(aResponse().withStatus(status).withHeader("Location", SERVER.baseUrl() + "/elsewhere"));

        SubmitAnswer answer = submit();

        assertThat(answer).isInstanceOf(certainlyNotAccepted ? SubmitAnswer.Refused.class : SubmitAnswer.Lost.class);
        SERVER.verify(1, postRequestedFor(anyUrl()));
    }

    @Test
    void theKeyIsMaskedWhenTheServerEchoesIt() {
        answers(
                401,
                "{\"code\":401,\"msg\":\"unknown key " + KEY + " in Bearer abcdefgh\",\"request_id\":\"" + KEY + "\"}");
        assertThat(submit().toString())
                .doesNotContain(KEY)
                .doesNotContain("abcdefgh")
                .contains("***");

        answers(502, "<html><title>Bearer " + KEY + "</title></html>");
        assertThat(submit().toString()).doesNotContain(KEY);

        answers(429, "{\"msg\":\"" + KEY + "\"}");
        assertThat(submit().toString()).doesNotContain(KEY);
    }

    @Test
    void theKeyIsInNoDescriptionOfTheSettings() {
        assertThat(settings(base(), ProviderApi.ATLAS).toString()).doesNotContain(KEY);
    }

    @Test
    void theTutorialsServersGiveARequestIdAndArePolledWithGetAtTheEnd() {
        ProviderClient client = client(settings(base(), ProviderApi.TUTORIAL));
        answers(200, "{\"request_id\":\"req-1\"}");
        assertThat(client.submit("generateVideo", body(), TIMEOUT)).isEqualTo(accepted("req-1", Optional.empty()));

        answers(200, "{\"status\":\"completed\",\"output\":{\"video_url\":\"https://cdn.example/1.mp4\"}}");
        assertThat(client.poll("req-1", Optional.empty()))
                .isInstanceOfSatisfying(
                        PollAnswer.Generated.class,
                        generated -> assertThat(generated.outputs()).containsExactly("https://cdn.example/1.mp4"));
        SERVER.verify(getRequestedFor(urlEqualTo("/api/v1/model/prediction/req-1/get")));
    }

    private static SubmitAnswer accepted(String id, Optional<URI> pollUrl) {
        return new SubmitAnswer.Accepted(Optional.of(id), pollUrl, List.of(), Optional.empty());
    }
}
