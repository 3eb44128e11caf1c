package io.reelbatch.cli.simulator;

import static io.reelbatch.cli.simulator.Client.FLUX;
import static io.reelbatch.cli.simulator.Client.SEEDANCE;
import static io.reelbatch.cli.simulator.Client.clip;
import static io.reelbatch.cli.simulator.Client.image;
import static io.reelbatch.cli.simulator.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shapes of answers, and the endpoints beside submit and poll. */
class ShapesTest {
    private final SettableClock clock = new SettableClock();
    private Optional<Simulator> running = Optional.empty();

    @AfterEach
    void stop() throws IOException {
        if (running.isPresent()) {
            running.get().close();
        }
    }

    @Test
    void theTutorialsShapeIsBare() throws Exception {
        Client client = start(settings -> settings.withShape(ApiShape.TUTORIAL));
        JsonNode submitted = json(client.submit(clip("waves", 5)));
        String id = submitted.path("request_id").asText();

        assertThat(submitted.size()).isEqualTo(1);
        assertThat(json(client.get("/model/prediction/" + id + "/get"))
                        .path("status")
                        .asText())
                .isEqualTo("processing");
        assertThat(client.get("/model/prediction/" + id).statusCode()).isEqualTo(401);
        clock.advanceSeconds(90);
        JsonNode done = json(client.get("/model/prediction/" + id + "/get"));
        assertThat(done.path("status").asText()).isEqualTo("completed");
        assertThat(client.get(done.at("/output/video_url").asText()).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "ARRAY, /data/outputs/0",
        "STRING, /data/outputs",
        "OBJECTS, /data/outputs/0/url",
        "OUTPUT_STRING, /data/output",
        "OUTPUT_ARRAY, /data/output/0",
        "OUTPUT_NAMED, /data/output/image_url",
        "FILES, /data/files/0/url"
    })
    void outputsComeInEveryShapeThatWasSeen(OutputShape shape, String place) throws Exception {
        Client client = start(settings -> settings.withOutputs(shape));
        JsonNode done = finished(client);

        assertThat(client.get(done.at(place).asText()).statusCode()).isEqualTo(200);
    }

    @Test
    void outputsMayBeInlined() throws Exception {
        Client client = start(settings -> settings.withOutputs(OutputShape.DATA_URI));
        String uri = finished(client).at("/data/outputs/0").asText();

        assertThat(uri).startsWith("data:image/png;base64,");
        byte[] file = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
        assertThat(new String(file, 1, 3, StandardCharsets.US_ASCII)).isEqualTo("PNG");
    }

    @Test
    void aBodyMayAskForFinishedAndInlinedOutputsInTheSubmitAnswer() throws Exception {
        Client client = start(settings -> settings);
        String body = "{\"model\":\"%s\",\"prompt\":\"fox\",\"enable_sync_mode\":true,\"enable_base64_output\":true}";
        JsonNode answer = json(client.submit(body.formatted(FLUX)));

        assertThat(answer.at("/data/status").asText()).isEqualTo("completed");
        assertThat(answer.at("/data/outputs/0").asText()).startsWith("data:image/png;base64,");
    }

    @Test
    void codesMayBeStringsAndAnswersUnwrapped() throws Exception {
        Client strings = start(settings -> settings.withQuirks(Quirk.CODE_AS_STRING));
        assertThat(json(strings.submit(image("fox"))).path("code").isTextual()).isTrue();
        stop();

        Client bare = start(settings -> settings.withQuirks(Quirk.UNWRAPPED, Quirk.SETTLED_PRICE));
        String id = json(bare.submit(image("fox"))).path("id").asText();
        clock.advanceSeconds(20);
        assertThat(bare.poll(id).path("status").asText()).isEqualTo("completed");
        assertThat(bare.poll(id).path("price").asText()).isEqualTo("0.04");
    }

    @Test
    void aFailureMayComeWithCode500() throws Exception {
        Client client = start(settings ->
                settings.withQuirks(Quirk.FAILED_WITH_CODE_500).withFaults(FaultPlan.eachJob(Fault.FAILED)));
        JsonNode failed = finished(client);

        assertThat(failed.path("code").asInt()).isEqualTo(500);
        assertThat(failed.at("/data/status").asText()).isEqualTo("failed");
    }

    @Test
    void thePollUrlMayBeAbsentOrOnAnotherHost() throws Exception {
        Client without = start(settings -> settings.withQuirks(Quirk.NO_GET_URL));
        assertThat(json(without.submit(image("fox"))).at("/data/urls").isMissingNode())
                .isTrue();
        stop();

        Client foreign = start(settings -> settings.withQuirks(Quirk.FOREIGN_GET_URL));
        assertThat(json(foreign.submit(image("fox"))).at("/data/urls/get").asText())
                .startsWith("http://elsewhere.invalid/api/v1/model/prediction/");
    }

    @Test
    void urlsNameThePublicAddressWhereThereIsOne() throws Exception {
        Client client = start(settings -> settings.withPublicUrl(URI.create("https://sim.example")));

        assertThat(finished(client).at("/data/outputs/0").asText()).startsWith("https://sim.example/files/");
    }

    @Test
    void everyRequestNeedsTheKeyExceptModelsAndFiles() throws Exception {
        Client client = start(settings -> settings.withKey("sk-right"));

        HttpResponse<byte[]> refused =
                client.post("/model/generateImage", image("fox"), "Authorization", "Bearer sk-wrong");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(json(refused).path("msg").asText()).isEqualTo("unauthorized");
        assertThat(client.submit(image("fox")).statusCode()).isEqualTo(401);
        assertThat(client.get("/models").statusCode()).isEqualTo(200);
        assertThat(client.post("/model/generateImage", image("fox"), "Authorization", "Bearer sk-right")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theEdgeMayRefuseDefaultUserAgents() throws Exception {
        Client client = start(settings -> settings.withQuirks(Quirk.EDGE_BLOCKS_DEFAULT_AGENTS));

        assertThat(client.submit(image("fox")).statusCode()).isEqualTo(403);
        assertThat(client.post("/model/generateImage", image("fox"), "User-Agent", "reelbatch/0.1")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBodyThatMakesNoSenseIsRefusedWithAReason() throws Exception {
        Client client = start(settings -> settings);

        assertThat(client.submit("{").statusCode()).isEqualTo(400);
        assertThat(json(client.submit("{\"model\":\"m\"}")).path("msg").asText())
                .contains("prompt");
        assertThat(json(client.submit("{\"prompt\":\"p\"}")).path("msg").asText())
                .contains("model");
    }

    @Test
    void aQuoteCostsNothing() throws Exception {
        Client client = start(settings -> settings);
        JsonNode picture = json(client.post("/model/calculate", image("fox")));
        JsonNode movie = json(client.post("/model/calculate", clip("fox", 10)));

        assertThat(picture.at("/data/price").asText()).isEqualTo("0.04");
        assertThat(movie.at("/data/price").asText()).isEqualTo("0.22");
        assertThat(running.orElseThrow().ledger().submits()).isEmpty();
    }

    @Test
    void modelsAndTheirPricesAreListed() throws Exception {
        JsonNode models = json(start(settings -> settings).get("/models"));

        assertThat(models.path("code").asText()).isEqualTo("200");
        assertThat(models.path("data")).anySatisfy(model -> {
            assertThat(model.path("model").asText()).isEqualTo(SEEDANCE);
            assertThat(model.path("type").asText()).isEqualTo("Video");
            assertThat(model.at("/price/actual/base_price").asText()).isEqualTo("0.022");
        });
    }

    @Test
    void anUploadCanBeFetchedAgain() throws Exception {
        Client client = start(settings -> settings);
        String body = """
                --xyz
                Content-Disposition: form-data; name="file"; filename="cat.png"
                Content-Type: image/png

                not really
                a picture
                --xyz--
                """.replace("\n", "\r\n");
        JsonNode answer =
                json(client.post("/model/uploadMedia", body, "Content-Type", "multipart/form-data; boundary=xyz"));

        assertThat(answer.at("/data/type").asText()).isEqualTo("image");
        assertThat(answer.at("/data/filename").asText()).isEqualTo("cat.png");
        assertThat(answer.at("/data/size").asInt()).isEqualTo(21);
        HttpResponse<byte[]> file = client.get(answer.at("/data/download_url").asText());
        assertThat(file.body()).asString(StandardCharsets.UTF_8).isEqualTo("not really\r\na picture");
        assertThat(file.headers().firstValue("Content-Type")).hasValue("image/png");
    }

    @Test
    void filesAreServedInRanges() throws Exception {
        Client client = start(settings -> settings);
        String url = finished(client).at("/data/outputs/0").asText();
        byte[] whole = client.get(url).body();
        HttpResponse<byte[]> part = client.get(url, "Range", "bytes=10-19");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, 10, 20));
        assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 10-19/" + whole.length);
        assertThat(client.get(url, "Range", "bytes=-5").body()).hasSize(5);
        assertThat(client.get(url, "Range", "bytes=" + whole.length + "-").statusCode())
                .isEqualTo(416);
    }

    @Test
    void filesExpireWhenTheRequestSaysSo() throws Exception {
        Client client = start(settings -> settings);
        String id = json(client.post("/model/generateImage", image("fox"), "X-AtlasCloud-Object-Expiration-Hours", "1"))
                .at("/data/id")
                .asText();
        clock.advanceSeconds(20);
        String url = client.output(id);

        assertThat(client.get(url).statusCode()).isEqualTo(200);
        clock.advanceSeconds(3600);
        assertThat(client.get(url).statusCode()).isEqualTo(404);
    }

    private Client start(UnaryOperator<SimulatorSettings> change) throws IOException {
        Simulator simulator = Simulator.start(
                change.apply(SimulatorSettings.defaults().withSeed(7).withClock(clock)));
        running = Optional.of(simulator);
        return new Client(simulator);
    }

    private JsonNode finished(Client client) throws IOException, InterruptedException {
        String id = client.accepted(image("a red fox"));
        clock.advanceSeconds(20);
        return client.poll(id);
    }
}
