package io.reelbatch.cli.simulator;

import static io.reelbatch.cli.simulator.Client.image;
import static io.reelbatch.cli.simulator.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong on purpose, as a client sees it and as the ledger has it. */
class FaultsTest {
    private static final String FOX = image("a red fox");

    private final SettableClock clock = new SettableClock();
    private Optional<Simulator> running = Optional.empty();

    @AfterEach
    void stop() throws IOException {
        if (running.isPresent()) {
            running.get().close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {"SUBMIT_400", "SUBMIT_402", "SUBMIT_403", "SUBMIT_404", "SUBMIT_429", "SUBMIT_500", "SUBMIT_503"})
    void aRefusedSubmitIsAnsweredInJsonAndNotCharged(Fault fault) throws Exception {
        Simulator simulator = with(FaultPlan.eachJob(fault));
        Client client = new Client(simulator);
        HttpResponse<byte[]> refused = client.submit(FOX);

        assertThat(refused.statusCode()).isEqualTo(fault.status());
        assertThat(json(refused).path("code").asInt()).isEqualTo(fault.status());
        assertThat(json(refused).path("msg").asText()).isNotBlank();
        assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
        assertThat(simulator.ledger().charges()).isEmpty();
        assertThat(client.submit(FOX).statusCode()).as("sent again").isEqualTo(200);
        assertThat(simulator.ledger().submits())
                .extracting(Ledger.Submit::status)
                .containsExactly(fault.status(), 200);
    }

    @ParameterizedTest
    @EnumSource(names = {"SUBMIT_502", "LOST_502"})
    void aSubmitAnsweredByTheEdgeMayHaveBeenAccepted(Fault fault) throws Exception {
        Simulator simulator = with(FaultPlan.eachJob(fault));
        HttpResponse<byte[]> answer = new Client(simulator).submit(FOX);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("<html>");
        assertThat(simulator.ledger().charges()).hasSize(fault == Fault.LOST_502 ? 1 : 0);
    }

    @Test
    void aGatewayTimeoutHidesTheIdOfAnAcceptedJob() throws Exception {
        Simulator simulator = with(FaultPlan.eachJob(Fault.LOST_504));
        HttpResponse<byte[]> answer = new Client(simulator).submit(FOX);

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(json(answer).path("data").isNull()).isTrue();
        assertThat(simulator.ledger().charged()).isEqualByComparingTo("0.04");
    }

    @ParameterizedTest
    @EnumSource(names = {"SUBMIT_DROP", "LOST"})
    void aDroppedSubmitMayHaveBeenAccepted(Fault fault) throws Exception {
        Simulator simulator = with(FaultPlan.eachJob(fault));
        Client client = new Client(simulator);

        assertThatIOException().isThrownBy(() -> client.submit(FOX));
        assertThat(simulator.ledger().charges()).hasSize(fault == Fault.LOST ? 1 : 0);
        assertThat(simulator.ledger().submits())
                .extracting(Ledger.Submit::status)
                .containsExactly(0);
        assertThat(client.accepted(FOX)).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(names = {"SUBMIT_HANG", "LOST_HANG"})
    void aHangingSubmitKeepsNobodyElseWaiting(Fault fault) throws Exception {
        Simulator simulator = with(FaultPlan.eachJob(fault));
        Client client = new Client(simulator);
        var hanging = client.postLater("/model/generateImage", FOX);

        while (simulator.ledger().submits().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(client.accepted(FOX)).isNotBlank();
        assertThat(hanging).isNotDone();
        assertThat(simulator.ledger().charges()).hasSize(fault == Fault.LOST_HANG ? 2 : 1);
    }

    @Test
    void aFreshJobMayNotBeSeenForAWhile() throws Exception {
        Client client = new Client(with(FaultPlan.eachJob(Fault.POLL_404)));
        String id = client.accepted(FOX);

        assertThat(client.get("/model/prediction/" + id).statusCode()).isEqualTo(404);
        clock.advance(SimulatorSettings.defaults().invisible());
        assertThat(client.get("/model/prediction/" + id).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(names = {"POLL_429", "POLL_500", "POLL_502"})
    void aPollAnsweredWithAnErrorSaysNothingAboutTheJob(Fault fault) throws Exception {
        Simulator simulator = with(FaultPlan.eachJob(fault));
        Client client = new Client(simulator);
        String id = client.accepted(FOX);
        clock.advanceSeconds(20);

        assertThat(client.get("/model/prediction/" + id).statusCode()).isEqualTo(fault.status());
        assertThat(simulator.ledger().entry(id).orElseThrow().noticedAt()).isEmpty();
        assertThat(client.output(id)).startsWith("http");
        assertThat(simulator.ledger().entry(id).orElseThrow().polls()).isEqualTo(2);
        assertThat(simulator.ledger().entry(id).orElseThrow().noticedAt()).hasValue(clock.instant());
    }

    @Test
    void anUnknownWordHidesTheEndOfAJob() throws Exception {
        Client client = new Client(with(FaultPlan.eachJob(Fault.POLL_WORD)));
        String id = client.accepted(FOX);
        clock.advanceSeconds(20);

        assertThat(client.poll(id).at("/data/status").asText()).isEqualTo("warming_up");
        assertThat(client.poll(id).at("/data/status").asText()).isEqualTo("completed");
    }

    @Test
    void aPollMayHangOrBeDropped() throws Exception {
        Simulator simulator = with(FaultPlan.eachJob(Fault.POLL_HANG));
        Client client = new Client(simulator);
        String id = client.accepted(FOX);
        var hanging = client.getLater("/model/prediction/" + id);
        while (simulator.ledger().polls() == 0) {
            Thread.onSpinWait();
        }

        assertThat(client.poll(id).at("/data/status").asText()).isEqualTo("processing");
        assertThat(hanging).isNotDone();
        simulator.close();
        running = Optional.empty();

        Client other = new Client(with(always(Fault.POLL_DROP)));
        String dropped = other.accepted(FOX);
        assertThatIOException().isThrownBy(() -> other.poll(dropped));
    }

    @Test
    void aFailedGenerationIsNotChargedAndTheNextOneIs() throws Exception {
        Simulator simulator = with(FaultPlan.eachJob(Fault.FAILED));
        Client client = new Client(simulator);
        String failing = client.accepted(FOX);
        String good = client.accepted(FOX);

        assertThat(simulator.ledger().charged()).as("both reserved").isEqualByComparingTo("0.08");
        clock.advanceSeconds(20);
        JsonNode failed = client.poll(failing);
        assertThat(failed.path("code").asInt()).isEqualTo(200);
        assertThat(failed.at("/data/status").asText()).isEqualTo("failed");
        assertThat(failed.at("/data/error").asText()).isNotBlank();
        assertThat(failed.at("/data/error_code").isMissingNode()).isTrue();
        assertThat(simulator.ledger().charges())
                .extracting(Ledger.Charge::predictionId)
                .containsExactly(good);
    }

    @Test
    void aModeratedGenerationSaysSoByItsCode() throws Exception {
        Client client = new Client(with(FaultPlan.eachJob(Fault.MODERATED)));
        String id = client.accepted(FOX);
        clock.advanceSeconds(20);

        assertThat(client.poll(id).at("/data/error_code").asInt()).isEqualTo(1039);
    }

    @Test
    void anEndlessGenerationRunsForEverAndStaysCharged() throws Exception {
        Simulator simulator = with(FaultPlan.eachJob(Fault.ENDLESS));
        Client client = new Client(simulator);
        String id = client.accepted(FOX);
        clock.advance(Duration.ofDays(2));

        assertThat(client.poll(id).at("/data/status").asText()).isEqualTo("processing");
        assertThat(simulator.ledger().charges()).hasSize(1);
    }

    @Test
    void aDownloadMayEndEarly() throws Exception {
        Client client = new Client(with(FaultPlan.eachJob(Fault.DOWNLOAD_CUT)));
        String url = finished(client);

        assertThatIOException().isThrownBy(() -> client.get(url));
        assertThat(client.get(url).statusCode()).isEqualTo(200);
    }

    @Test
    void aDownloadMayBeShortAndLookWhole() throws Exception {
        Client client = new Client(with(FaultPlan.eachJob(Fault.DOWNLOAD_SHORT)));
        String url = finished(client);
        HttpResponse<byte[]> half = client.get(url);
        HttpResponse<byte[]> whole = client.get(url);

        assertThat(half.statusCode()).isEqualTo(200);
        assertThat(half.headers().firstValueAsLong("Content-Length")).hasValue(half.body().length);
        assertThat(half.body()).hasSize(whole.body().length / 2);
        assertThat(half.headers().firstValue("ETag")).isEqualTo(whole.headers().firstValue("ETag"));
    }

    @Test
    void anExpiredUrlStaysSoUntilAPollNamesANewOne() throws Exception {
        Client client = new Client(with(FaultPlan.eachJob(Fault.DOWNLOAD_404)));
        String id = client.accepted(FOX);
        clock.advanceSeconds(20);
        String url = client.output(id);

        assertThat(client.get(url).statusCode()).isEqualTo(404);
        assertThat(client.get(url).statusCode()).isEqualTo(404);
        assertThat(client.output(id)).isNotEqualTo(url);
        assertThat(client.get(client.output(id)).statusCode()).isEqualTo(200);
    }

    @Test
    void aDownloadMayLeadToAPrivateAddressOrFail() throws Exception {
        Client client = new Client(with(FaultPlan.eachJob(Fault.DOWNLOAD_REDIRECT, Fault.DOWNLOAD_500)));
        String url = finished(client);
        HttpResponse<byte[]> redirect = client.get(url);

        assertThat(redirect.statusCode()).isEqualTo(302);
        assertThat(redirect.headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).startsWith("http://169.254.169.254/"));
        assertThat(client.get(url).statusCode()).isEqualTo(500);
        assertThat(client.get(url).statusCode()).isEqualTo(200);
    }

    @Test
    void chancesComeOutAsOftenAsTheySayAndTheSameEveryTime() {
        FaultPlan plan = FaultPlan.chances(Map.of(Fault.SUBMIT_500, 0.1, Fault.LOST, 0.1, Fault.POLL_502, 1.0));
        Draw draw = new Draw(7);
        long[] seen = new long[2];
        for (int job = 0; job < 10_000; job++) {
            Occasion occasion = new Occasion(Fault.Stage.SUBMIT, "m", "prompt " + job, 0, 0);
            Optional<Fault> fault = plan.at(occasion, draw.share(occasion));
            seen[0] += fault.filter(Fault.SUBMIT_500::equals).isPresent() ? 1 : 0;
            seen[1] += fault.filter(Fault.LOST::equals).isPresent() ? 1 : 0;
        }

        // 10,000 draws of 0.1: mean 1,000, standard deviation 30; five of those to each side.
        assertThat(seen[0]).isBetween(850L, 1150L);
        assertThat(seen[1]).isBetween(850L, 1150L);
    }

    @Test
    void chancesOfOneStageAboveOneAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultPlan.chances(Map.of(Fault.SUBMIT_500, 0.6, Fault.LOST, 0.6)))
                .withMessageContaining("SUBMIT");
    }

    private static FaultPlan always(Fault fault) {
        return (occasion, chance) -> Optional.of(fault);
    }

    private Simulator with(FaultPlan faults) throws IOException {
        Simulator simulator =
                Simulator.start(SimulatorSettings.defaults().withClock(clock).withFaults(faults));
        running = Optional.of(simulator);
        return simulator;
    }

    private String finished(Client client) throws IOException, InterruptedException {
        String id = client.accepted(FOX);
        clock.advanceSeconds(20);
        return client.output(id);
    }
}
