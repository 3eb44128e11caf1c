package io.reelbatch.cli.simulator;

import static io.reelbatch.cli.simulator.Client.FLUX;
import static io.reelbatch.cli.simulator.Client.clip;
import static io.reelbatch.cli.simulator.Client.image;
import static io.reelbatch.cli.simulator.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.imageio.ImageIO;
import org.jcodec.common.DemuxerTrack;
import org.jcodec.common.io.ByteBufferSeekableByteChannel;
import org.jcodec.containers.mp4.demuxer.MP4Demuxer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The provider's own shapes, without anything going wrong. */
class SimulatorTest {
    private final SettableClock clock = new SettableClock();
    private Simulator simulator;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(SimulatorSettings.defaults().withSeed(7).withClock(clock));
        client = new Client(simulator);
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    @Test
    void aSubmitIsAnsweredWithTheProvidersEnvelope() throws Exception {
        HttpResponse<byte[]> response = client.submit(image("a red fox"));
        JsonNode answer = json(response);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(answer.path("code").asInt()).isEqualTo(200);
        assertThat(answer.at("/data/status").asText()).isEqualTo("created");
        assertThat(answer.at("/data/outputs").isNull()).isTrue();
        String id = answer.at("/data/id").asText();
        assertThat(answer.at("/data/urls/get").asText()).isEqualTo(simulator.baseUrl() + "/model/prediction/" + id);
    }

    @Test
    void aJobRunsUntilTheClockSaysThatItIsDone() throws Exception {
        String id = client.accepted(image("a red fox"));
        Duration time = simulator.ledger().entry(id).orElseThrow().prediction().generationTime();

        assertThat(time).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(20));
        clock.advance(time.minusMillis(1));
        assertThat(client.poll(id).at("/data/status").asText()).isEqualTo("processing");
        clock.advance(Duration.ofMillis(1));
        JsonNode done = client.poll(id);
        assertThat(done.at("/data/status").asText()).isEqualTo("completed");
        assertThat(done.at("/data/metrics/predict_time").asDouble()).isEqualTo(time.toMillis() / 1000.0);
        assertThat(json(client.get("/model/result/" + id))).isEqualTo(done);
        assertThat(simulator.ledger().entry(id).orElseThrow().unnoticed()).hasValue(Duration.ZERO);
    }

    @Test
    void aPictureIsAPngOfTheRatioThatWasAskedFor() throws Exception {
        String id = client.accepted("{\"model\":\"" + FLUX + "\",\"prompt\":\"fox\",\"size\":\"2048*1024\"}");
        clock.advanceSeconds(20);
        HttpResponse<byte[]> file = client.get(client.output(id));
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(file.body()));

        assertThat(file.headers().firstValue("Content-Type")).hasValue("image/png");
        assertThat(file.body()).isEqualTo(simulator.output(id));
        assertThat(file.headers().firstValueAsLong("Content-Length")).hasValue(file.body().length);
        assertThat(picture.getWidth()).isEqualTo(512);
        assertThat(picture.getHeight()).isEqualTo(256);
    }

    @Test
    void aClipIsAnMp4OfTheLengthThatWasAskedFor() throws Exception {
        String id = client.accepted(clip("waves at dusk", 5));
        clock.advanceSeconds(90);
        HttpResponse<byte[]> file = client.get(client.output(id));
        var bytes = ByteBufferSeekableByteChannel.readFromByteBuffer(ByteBuffer.wrap(file.body()));
        DemuxerTrack track = MP4Demuxer.createMP4Demuxer(bytes).getVideoTrack();

        assertThat(file.headers().firstValue("Content-Type")).hasValue("video/mp4");
        assertThat(track.getMeta().getTotalFrames()).isEqualTo(40);
        assertThat(track.getMeta().getTotalDuration()).isEqualTo(5.0);
        assertThat(track.getMeta().getVideoCodecMeta().getSize().getWidth()).isEqualTo(320);
        assertThat(track.getMeta().getVideoCodecMeta().getSize().getHeight()).isEqualTo(180);
    }

    @Test
    void aWrongPathIsAnsweredLikeAWrongKey() throws Exception {
        assertThat(client.get("/no/such/path").statusCode()).isEqualTo(401);
        assertThat(client.get(URI.create(simulator.baseUrl() + "/model/prediction/1/get")
                                .toString())
                        .statusCode())
                .isEqualTo(401);
    }
}
