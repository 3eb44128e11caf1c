package io.reelbatch.adapters.provider;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.provider.PollAnswer;
import io.reelbatch.domain.provider.ProviderError.Kind;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a poll goes, and what each answer to it means. */
class PollTest extends ProviderTestBase {

    @Test
    void asksForThePredictionWithTheKey() {
        answers(200, "{\"data\":{\"status\":\"processing\"}}");

        poll();

        SERVER.verify(
                1,
                getRequestedFor(urlEqualTo("/api/v1/model/prediction/pred-1"))
                        .withHeader("Authorization", equalTo("Bearer " + KEY)));
    }

    @Test
    void anIdCannotLeaveItsPlaceInThePath() {
        answers(200, "{\"data\":{\"status\":\"processing\"}}");

        client().poll("../../x?y#z /ü", Optional.empty());

        SERVER.verify(getRequestedFor(urlEqualTo("/api/v1/model/prediction/..%2F..%2Fx%3Fy%23z%20%2F%C3%BC")));
    }

    @Test
    void usesThePollUrlOfTheSubmitAnswer() {
        answers(200, "{\"data\":{\"status\":\"processing\"}}");

        client().poll("pred-1", Optional.of(URI.create(base() + "/model/result/pred-1?v=2")));

        SERVER.verify(getRequestedFor(urlEqualTo("/api/v1/model/result/pred-1?v=2")));
    }

    @Test
    void sendsNoKeyToAPollUrlOnAnotherHost() {
        answers(200, "{\"data\":{\"status\":\"processing\"}}");

        client().poll("pred-1", Optional.of(URI.create("http://127.0.0.1:" + SERVER.getPort() + "/stolen")));

        SERVER.verify(getRequestedFor(urlEqualTo("/api/v1/model/prediction/pred-1")));
        SERVER.verify(0, getRequestedFor(urlEqualTo("/stolen")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"created", "starting", "pending", "queued", "processing", "running", "Processing", "warming-up"})
    void anyWordThatIsNoEndMeansNotDoneYet(String word) {
        answers(200, "{\"code\":200,\"data\":{\"id\":\"pred-1\",\"status\":\"" + word + "\",\"outputs\":null}}");

        assertThat(poll()).isInstanceOf(PollAnswer.Pending.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "succeeded", "success", "done", "COMPLETED"})
    void everyWordForSuccessIsSuccess(String word) {
        answers(200, "{\"data\":{\"status\":\"" + word + "\",\"outputs\":[\"https://cdn.example/1.png\"]}}");

        assertThat(poll()).isInstanceOf(PollAnswer.Generated.class);
    }

    @ParameterizedTest
    @CsvSource({
        "failed, false",
        "error, false",
        "timeout, false",
        "canceled, false",
        "cancelled, false",
        "rejected, true",
        "FAILED, false"
    })
    void everyWordForFailureIsFailure(String word, boolean isFinal) {
        answers(
                200,
                "{\"code\":200,\"data\":{\"id\":\"pred-1\",\"status\":\"" + word + "\",\"error\":\"GPU on fire\"}}");

        assertThat(poll()).isEqualTo(new PollAnswer.GenerationFailed("GPU on fire", isFinal, false));
    }

    @Test
    void aFailureWithoutAReasonSaysSo() {
        answers(200, "{\"data\":{\"status\":\"failed\",\"error\":\"\"}}");

        assertThat(poll())
                .isInstanceOfSatisfying(
                        PollAnswer.GenerationFailed.class,
                        failed -> assertThat(failed.message()).contains("no reason", "failed"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":500,\"data\":{\"status\":\"failed\",\"error\":\"boom\"}}",
                "{\"code\":\"500\",\"status\":\"failed\",\"error\":{\"message\":\"boom\"}}",
                "{\"status\":\"failed\",\"error\":\"boom\"}",
            })
    void thePredictionsOwnStatusGoesBeforeTheEnvelopesCode(String body) {
        answers(200, body);
        assertThat(poll()).isEqualTo(new PollAnswer.GenerationFailed("boom", false, false));
    }

    @Test
    void thePredictionsOwnStatusGoesBeforeTheHttpStatus() {
        answers(500, "{\"code\":500,\"data\":{\"status\":\"failed\",\"error\":\"boom\"}}");

        assertThat(poll()).isEqualTo(new PollAnswer.GenerationFailed("boom", false, false));
    }

    @Test
    void anErrorOfAGatewayIsNotAFailedGeneration() {
        answers(503, "{\"status\":\"error\",\"message\":\"upstream unavailable\"}");
        assertThat(poll()).isInstanceOf(PollAnswer.Unavailable.class);

        answers(200, "{\"code\":503,\"status\":\"error\",\"message\":\"upstream unavailable\"}");
        assertThat(poll()).isInstanceOf(PollAnswer.Unavailable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1039", "\"1039\""})
    void moderationIsFinal(String code) {
        answers(
                200,
                "{\"code\":200,\"data\":{\"status\":\"failed\",\"error\":\"sensitive\",\"error_code\":" + code + "}}");

        assertThat(poll()).isEqualTo(new PollAnswer.GenerationFailed("sensitive", true, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"outputs\":[\"https://cdn.example/1.png\"]",
                "\"outputs\":\"https://cdn.example/1.png\"",
                "\"outputs\":[{\"url\":\"https://cdn.example/1.png\",\"width\":5}]",
                "\"outputs\":{\"url\":\"https://cdn.example/1.png\"}",
                "\"outputs\":null,\"output\":\"https://cdn.example/1.png\"",
                "\"outputs\":[],\"output\":[\"https://cdn.example/1.png\"]",
                "\"output\":{\"image_url\":\"https://cdn.example/1.png\"}",
                "\"output\":{\"video_url\":\"https://cdn.example/1.png\"}",
                "\"files\":[{\"url\":\"https://cdn.example/1.png\"}]",
                "\"files\":[\"https://cdn.example/1.png\"]",
            })
    void findsTheOutputInEveryShapeInWhichItWasSeen(String output) {
        answers(200, "{\"code\":200,\"data\":{\"status\":\"completed\"," + output + "}}");
        assertThat(poll()).isEqualTo(generated("https://cdn.example/1.png"));

        answers(200, "{\"status\":\"completed\"," + output + "}");
        assertThat(poll()).isEqualTo(generated("https://cdn.example/1.png"));
    }

    @Test
    void keepsSeveralOutputsInTheirOrder() {
        answers(
                200,
                "{\"data\":{\"status\":\"completed\",\"outputs\":[\"https://a/1\",{\"url\":\"https://a/2\"},\"\",null]}}");

        assertThat(((PollAnswer.Generated) poll()).outputs()).containsExactly("https://a/1", "https://a/2");
    }

    @Test
    void anOutputCanBeInTheAnswerItself() {
        answers(200, "{\"data\":{\"status\":\"completed\",\"outputs\":[\"data:image/png;base64,iVBORw0KGgo=\"]}}");

        assertThat(poll()).isEqualTo(generated("data:image/png;base64,iVBORw0KGgo="));
    }

    @Test
    void readsPriceAndPredictTimeAsNumbersOrText() {
        answers(
                200,
                "{\"data\":{\"status\":\"completed\",\"outputs\":[\"https://a/1\"],\"price\":\"0.040\",\"metrics\":{\"predict_time\":45.2}}}");
        assertThat(poll()).isInstanceOfSatisfying(PollAnswer.Generated.class, generated -> {
            assertThat(generated.price()).contains(new BigDecimal("0.040"));
            assertThat(generated.took()).contains(Duration.ofMillis(45_200));
        });

        answers(
                200,
                "{\"data\":{\"status\":\"completed\",\"outputs\":[\"https://a/1\"],\"price\":0.1,\"metrics\":{\"predict_time\":\"3\"}}}");
        assertThat(poll()).isInstanceOfSatisfying(PollAnswer.Generated.class, generated -> {
            assertThat(generated.price()).contains(new BigDecimal("0.1"));
            assertThat(generated.took()).contains(Duration.ofSeconds(3));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"free\"", "-1", "1e999999999", "1e12", "null", "{}", "\"NaN\"", "\"\""})
    void aPriceThatIsNoneIsLeftOut(String price) {
        answers(200, "{\"data\":{\"status\":\"completed\",\"outputs\":[\"https://a/1\"],\"price\":" + price + "}}");

        assertThat(poll()).isEqualTo(generated("https://a/1"));
    }

    @Test
    void successWithoutOutputsIsNotDoneYet() {
        answers(200, "{\"data\":{\"status\":\"completed\",\"outputs\":[]}}");

        assertThat(poll())
                .isInstanceOfSatisfying(
                        PollAnswer.Pending.class,
                        pending -> assertThat(pending.status()).contains("no outputs"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | {\"code\":404,\"msg\":\"not found\",\"data\":null}",
                "400 | {\"code\":400,\"msg\":\"no such prediction\",\"data\":null}",
                "404 | <html>not found</html>",
                "404 | ''",
                "200 | {\"code\":404,\"msg\":\"not found\",\"data\":null}",
            })
    void anUnknownIdIsNotVisibleYet(int status, String body) {
        answers(status, body);

        assertThat(poll()).isInstanceOf(PollAnswer.NotVisible.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "502 | <html><title>502 Bad Gateway</title></html>",
                "500 | {\"code\":500,\"msg\":\"boom\"}",
                "503 | ''",
                "524 | <html></html>",
                "200 | <!doctype html><title>Just a moment...</title>",
                "403 | <!doctype html><title>Attention Required!</title>",
                "200 | {\"code\":200,\"data\":{\"status\":\"comp",
                "200 | {}",
                "200 | []",
                "200 | ''",
                "204 | ''",
                "302 | ''",
            })
    void noClearWordMeansAskAgain(int status, String body) {
        answers(status, body);

        assertThat(poll()).isInstanceOf(PollAnswer.Unavailable.class);
    }

    @Test
    void aRateLimitOnAPollMeansAskAgainLater() {
        answers(aResponse().withStatus(429).withHeader("Retry-After", "9"));

        assertThat(poll())
                .isInstanceOfSatisfying(
                        PollAnswer.Unavailable.class,
                        unavailable -> assertThat(unavailable.retryAfter()).contains(Duration.ofSeconds(9)));
    }

    @ParameterizedTest
    @CsvSource({"401, UNAUTHORIZED", "402, OUT_OF_BALANCE", "403, FORBIDDEN", "451, REGION"})
    void aRefusalIsSaidAsSuch(int status, Kind kind) {
        answers(status, "{\"code\":" + status + ",\"msg\":\"no, " + KEY + "\",\"data\":null}");

        assertThat(poll()).isInstanceOfSatisfying(PollAnswer.Refused.class, refused -> {
            assertThat(refused.error().kind()).isEqualTo(kind);
            assertThat(refused.error().message()).isEqualTo("no, ***");
        });
    }

    private static PollAnswer generated(String output) {
        return new PollAnswer.Generated(List.of(output), Optional.empty(), Optional.empty());
    }
}
