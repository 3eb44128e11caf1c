package io.reelbatch.adapters.provider;

import static com.github.tomakehurst.wiremock.client.WireMock.aMultipart;
import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.provider.Answer;
import io.reelbatch.domain.provider.Balance;
import io.reelbatch.domain.provider.ProviderError;
import io.reelbatch.domain.provider.ProviderError.Kind;
import io.reelbatch.domain.provider.ProviderModel;
import io.reelbatch.domain.provider.Quote;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads, quotes, the balance, and the list of models. */
class FreeCallsTest extends ProviderTestBase {
    private static final byte[] PICTURE = "\u0089PNG and more".getBytes(StandardCharsets.ISO_8859_1);

    @Test
    void uploadsAFileAsTheOnePartOfAForm() {
        answers(
                200,
                "{\"code\":200,\"data\":{\"type\":\"image\",\"download_url\":\"https://cdn.example/tmp/1.png\",\"filename\":\"1.png\",\"size\":70}}");

        assertThat(upload("../M\u00fcller \"1\".png", PICTURE, PICTURE.length))
                .isEqualTo(new Answer.Ok<>(URI.create("https://cdn.example/tmp/1.png")));

        SERVER.verify(
                1,
                postRequestedFor(urlEqualTo("/api/v1/model/uploadMedia"))
                        .withHeader("Authorization", equalTo("Bearer " + KEY))
                        .withAnyRequestBodyPart(aMultipart("file")
                                .withHeader("Content-Disposition", containing("filename=\".._M_ller__1_.png\""))
                                .withHeader("Content-Type", containing("image/png"))
                                .withBody(binaryEqualTo(PICTURE))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"url\":\"https://cdn.example/tmp/1.png\"}",
                "{\"data\":{\"url\":\"https://cdn.example/tmp/1.png\"}}",
                "{\"download_url\":\"https://cdn.example/tmp/1.png\"}",
            })
    void findsTheUploadsUrlInEveryShape(String body) {
        answers(200, body);

        assertThat(upload("1.png", PICTURE, PICTURE.length).toOptional())
                .contains(URI.create("https://cdn.example/tmp/1.png"));
    }

    @Test
    void aFileThatCannotBeReadIsNotTheProvidersFault() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("bad sector");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };

        assertThatThrownBy(() -> client().upload("1.png", "image/png", broken, 100, TIMEOUT))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("bad sector");
        assertThatThrownBy(() -> upload("1.png", PICTURE, PICTURE.length + 1))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("ends 1 bytes before");
    }

    @Test
    void anUploadIsSentOnce() {
        answers(aResponse().withStatus(503).withHeader("Retry-After", "1"));

        assertThat(upload("1.png", PICTURE, PICTURE.length))
                .isEqualTo(new Answer.Unavailable<>(
                        "no usable answer: HTTP 503, an empty body", Optional.of(Duration.ofSeconds(1))));
        SERVER.verify(1, postRequestedFor(anyUrl()));
    }

    @Test
    void readsAQuoteWhosePricesAreText() {
        answers(200, "{\"code\":200,\"data\":{\"discount\":\"80\",\"origin_price\":\"0.10\",\"price\":\"0.08\"}}");

        assertThat(client().quote(body()))
                .isEqualTo(new Answer.Ok<>(new Quote(
                        new BigDecimal("0.08"),
                        Optional.of(new BigDecimal("0.10")),
                        Optional.of(new BigDecimal("80")))));
        SERVER.verify(
                1,
                postRequestedFor(urlEqualTo("/api/v1/model/calculate"))
                        .withHeader("Authorization", equalTo("Bearer " + KEY))
                        .withRequestBody(equalToJson(body().toString())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {\"code\":200,\"data\":{}}",
                "200 | {\"code\":200,\"data\":{\"price\":\"ask sales\"}}",
                "200 | <html>hello</html>",
                "502 | <html>hello</html>",
                "429 | {\"code\":429}",
            })
    void aQuoteThatIsNoneIsNotAvailable(int status, String body) {
        answers(status, body);

        assertThat(client().quote(body())).isInstanceOf(Answer.Unavailable.class);
    }

    @ParameterizedTest
    @CsvSource({"400, BAD_REQUEST", "401, UNAUTHORIZED", "404, NOT_FOUND", "500, SERVER_ERROR"})
    void aRefusedQuoteSaysWhy(int status, Kind kind) {
        answers(status, "{\"code\":" + status + ",\"msg\":\"no " + KEY + "\"}");

        ProviderError error = ((Answer.Refused<Quote>) client().quote(body())).error();

        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.message()).isEqualTo("no ***");
    }

    @Test
    void readsTheBalanceOutsideTheVersionedPath() {
        answers(200, "{\"available\":{\"value\":\"125.500000\",\"currency\":\"usd\"}}");

        assertThat(client().balance()).isEqualTo(new Answer.Ok<>(new Balance(new BigDecimal("125.500000"), "usd")));
        SERVER.verify(getRequestedFor(urlEqualTo("/public/v1/balance"))
                .withHeader("Authorization", equalTo("Bearer " + KEY)));
    }

    @Test
    void aBalanceBelowZeroIsABalance() {
        answers(200, "{\"data\":{\"available\":{\"value\":-3.5,\"currency\":\"USD\"}}}");

        assertThat(client().balance().toOptional()).contains(new Balance(new BigDecimal("-3.5"), "usd"));
    }

    @Test
    void readsTheModelsWithoutShowingTheKey() {
        answers(200, """
                {"code":"200","data":[
                  {"model":"a/b","type":"Image","displayName":"A B","price":{"actual":{"base_price":"0.039"}},
                   "schema":"https://cdn.example/schema/a-b.json"},
                  {"model":"c/d","type":"Video","price":{},"schema":"not a url"},
                  {"displayName":"no id"}]}""");

        assertThat(client().models().toOptional().orElseThrow())
                .isEqualTo(List.of(
                        new ProviderModel(
                                "a/b",
                                "Image",
                                "A B",
                                Optional.of(new BigDecimal("0.039")),
                                Optional.of(URI.create("https://cdn.example/schema/a-b.json"))),
                        new ProviderModel("c/d", "Video", "c/d", Optional.empty(), Optional.empty())));
        SERVER.verify(getRequestedFor(urlEqualTo("/api/v1/models")).withHeader("Authorization", absent()));
    }

    @Test
    void nobodyThereMeansNotAvailable() {
        ProviderClient client = client(settings(URI.create("http://provider.invalid"), ProviderApi.ATLAS));

        assertThat(client.quote(body())).isInstanceOf(Answer.Unavailable.class);
        assertThat(client.balance()).isInstanceOf(Answer.Unavailable.class);
        assertThat(client.models()).isInstanceOf(Answer.Unavailable.class);
    }

    private Answer<URI> upload(String name, byte[] content, long length) {
        return client().upload(name, "image/png", new ByteArrayInputStream(content), length, TIMEOUT);
    }
}
