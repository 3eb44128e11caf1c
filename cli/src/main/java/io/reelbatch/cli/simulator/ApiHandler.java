package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.simulator.media.MediaKind;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The API: submit, poll, quote, upload, models, balance. */
final class ApiHandler {
    private static final int LARGEST_BODY = 50 * 1024 * 1024;
    private static final BigDecimal BOTTOMLESS = new BigDecimal("1000");
    /** How long the provider keeps outputs, and the shortest and longest time a request may ask for. */
    private static final int SHELF_HOURS = 336;

    private static final Map<String, MediaKind> SUBMITS = Map.of(
            Urls.API + "/model/generateImage", MediaKind.IMAGE,
            Urls.API + "/model/generateVideo", MediaKind.VIDEO,
            Urls.API + "/model/generateAudio", MediaKind.AUDIO);

    private final SimulatorSettings settings;
    private final JsonMapper json;
    private final Ledger ledger;
    private final Account account;
    private final Answers answers;
    private final Outputs outputs;
    private final Uploads uploads;
    private final Callbacks callbacks;
    private final Urls urls;
    private final AtomicLong requests = new AtomicLong();

    ApiHandler(
            SimulatorSettings settings,
            JsonMapper json,
            Ledger ledger,
            Account account,
            Outputs outputs,
            Uploads uploads,
            Callbacks callbacks,
            Urls urls) {
        this.settings = settings;
        this.json = json;
        this.ledger = ledger;
        this.account = account;
        this.answers = new Answers(settings, json);
        this.outputs = outputs;
        this.uploads = uploads;
        this.callbacks = callbacks;
        this.urls = urls;
    }

    void handle(Connection connection) throws IOException {
        long request = requests.incrementAndGet();
        String route = connection.method() + " " + connection.path();
        if (blocked(connection)) {
            connection.html(403);
        } else if (route.equals("GET " + Urls.API + "/models")) {
            connection.json(200, answers.models(settings.models().prices()));
        } else if (route.equals("GET " + Urls.API + "/webhooks/jwks.json")) {
            connection.json(200, callbacks.jwks());
        } else if (!authorized(connection)) {
            connection.json(401, answers.error(401, "unauthorized", request));
        } else {
            authorized(connection, route, request);
        }
    }

    private void authorized(Connection connection, String route, long request) throws IOException {
        Optional<String> polled = urls.polled(connection.path());
        if (connection.method().equals("GET") && polled.isPresent()) {
            poll(connection, polled.get(), request);
        } else if (route.equals("GET /public/v1/balance")) {
            connection.json(
                    200,
                    answers.balance(
                            settings.limits().balance().orElse(BOTTOMLESS).subtract(ledger.charged())));
        } else if (connection.method().equals("POST")) {
            post(connection, request);
        } else {
            connection.json(401, answers.error(401, "unauthorized", request));
        }
    }

    private void post(Connection connection, long request) throws IOException {
        byte[] body = connection.body(LARGEST_BODY);
        Optional<MediaKind> kind = Optional.ofNullable(SUBMITS.get(connection.path()));
        boolean quote = connection.path().equals(Urls.API + "/model/calculate");
        try {
            if (body.length > LARGEST_BODY) {
                connection.json(413, answers.error(413, "the body is over 50 MB", request));
            } else if (kind.isPresent()) {
                submit(connection, JobRequest.parse(json, kind.get(), body), request);
            } else if (quote) {
                connection.json(200, answers.quoted(account.price(quoted(body))));
            } else if (connection.path().equals(Urls.API + "/model/uploadMedia")) {
                Uploads.Upload upload =
                        uploads.add(connection.header("Content-Type").orElse(""), body);
                String url = urls.upload(upload.name());
                connection.json(200, answers.uploaded(upload.type(), url, upload.filename(), upload.size()));
            } else {
                connection.json(401, answers.error(401, "unauthorized", request));
            }
        } catch (BadRequest e) {
            connection.json(400, answers.error(400, String.valueOf(e.getMessage()), request));
        }
    }

    /** A quote's endpoint does not say what kind it is for; whoever has a price per second makes clips. */
    private JobRequest quoted(byte[] body) throws BadRequest {
        JobRequest asked = JobRequest.parse(json, MediaKind.VIDEO, body);
        boolean clip = settings.models().price(asked.model()).perSecond();
        return clip ? asked : new JobRequest(MediaKind.IMAGE, asked.body());
    }

    private void submit(Connection connection, JobRequest job, long request) throws IOException {
        Account.Verdict verdict = account.submit(job, shelfLife(connection));
        verdict.prediction().ifPresent(prediction -> callbacks.accepted(job, prediction));
        Optional<Fault> fault = verdict.fault();
        if (verdict.status() == 200 && verdict.prediction().isPresent()) {
            connection.json(200, accepted(verdict.prediction().get()));
        } else if (fault.isPresent() && (fault.get() == Fault.SUBMIT_HANG || fault.get() == Fault.LOST_HANG)) {
            connection.hang();
        } else if (verdict.status() == 0) {
            connection.drop();
        } else if (verdict.status() == 502) {
            connection.html(502);
        } else {
            refuse(connection, verdict.status(), request);
        }
    }

    private ObjectNode accepted(Prediction prediction) {
        boolean now = prediction.generationTime().isZero() && prediction.outcome() == Prediction.Outcome.SUCCEEDED;
        return now && !answers.tutorial() ? completed(prediction) : answers.submitted(prediction, pollUrl(prediction));
    }

    private void refuse(Connection connection, int status, long request) throws IOException {
        if (status == 429) {
            settings.limits()
                    .retryAfter()
                    .ifPresent(wait -> connection.setHeader("Retry-After", Long.toString(wait.toSeconds())));
        }
        String message = switch (status) {
            case 400 -> "invalid parameter";
            case 402 -> "insufficient balance";
            case 403 -> "forbidden";
            case 404 -> "model not found";
            case 429 -> "rate limit exceeded";
            case 504 -> "gateway timeout";
            default -> "internal error";
        };
        connection.json(status, answers.error(status, message, request));
    }

    private void poll(Connection connection, String id, long request) throws IOException {
        Optional<Prediction> found = ledger.entry(id).map(Ledger.Entry::prediction);
        if (found.isEmpty()) {
            connection.json(404, answers.error(404, "prediction not found", request));
            return;
        }
        Prediction prediction = found.get();
        int attempt = ledger.polled(id);
        if (ledger.clock().instant().isBefore(prediction.visibleAt())) {
            connection.json(404, answers.error(404, "prediction not found", request));
            return;
        }
        Optional<Fault> fault = account.fault(
                new Occasion(Fault.Stage.POLL, prediction.model(), prediction.prompt(), prediction.job(), attempt));
        if (fault.isPresent()) {
            spoil(connection, fault.get(), prediction, request);
        } else {
            connection.json(200, state(prediction));
        }
    }

    private void spoil(Connection connection, Fault fault, Prediction prediction, long request) throws IOException {
        switch (fault) {
            case POLL_HANG -> connection.hang();
            case POLL_DROP -> connection.drop();
            case POLL_502 -> connection.html(502);
            case POLL_WORD -> connection.json(200, answers.running(prediction, "warming_up", pollUrl(prediction)));
            default -> refuse(connection, fault.status(), request);
        }
    }

    private ObjectNode state(Prediction prediction) {
        Instant now = ledger.clock().instant();
        if (!prediction.ended(now)) {
            return answers.running(prediction, "processing", pollUrl(prediction));
        }
        ledger.noticed(prediction.id(), now);
        return prediction.outcome() == Prediction.Outcome.SUCCEEDED
                ? completed(prediction)
                : answers.failed(prediction);
    }

    private ObjectNode completed(Prediction prediction) {
        String url = urls.output(prediction, ledger.urlVersion(prediction.id()));
        return answers.completed(prediction, new Answers.Output(url, () -> outputs.dataUri(prediction)));
    }

    private String pollUrl(Prediction prediction) {
        String url = urls.poll(prediction.id());
        return settings.quirks().contains(Quirk.FOREIGN_GET_URL)
                ? url.replace(urls.root().toString(), "http://elsewhere.invalid")
                : url;
    }

    private static Duration shelfLife(Connection connection) {
        int hours = connection
                .header("X-AtlasCloud-Object-Expiration-Hours")
                .filter(text -> text.matches("\\d{1,3}"))
                .map(Integer::parseInt)
                .orElse(SHELF_HOURS);
        return Duration.ofHours(Math.max(1, Math.min(SHELF_HOURS, hours)));
    }

    private boolean authorized(Connection connection) {
        return settings.key().isEmpty()
                || connection.header("Authorization").equals(settings.key().map(key -> "Bearer " + key));
    }

    private boolean blocked(Connection connection) {
        return settings.quirks().contains(Quirk.EDGE_BLOCKS_DEFAULT_AGENTS)
                && connection
                        .header("User-Agent")
                        .filter(agent -> !agent.matches("(?i)(java|python|curl|apache-httpclient|aws-sdk).*"))
                        .isEmpty();
    }
}
