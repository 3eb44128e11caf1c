package io.reelbatch.cli.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files: outputs of predictions and uploads, whole or in ranges. */
final class FileHandler {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,15})-(\\d{0,15})");
    /** Where machines in a cloud find their credentials: no client may follow there. */
    private static final String METADATA = "http://169.254.169.254/latest/meta-data/";

    private final Ledger ledger;
    private final Account account;
    private final Outputs outputs;
    private final Uploads uploads;

    FileHandler(Ledger ledger, Account account, Outputs outputs, Uploads uploads) {
        this.ledger = ledger;
        this.account = account;
        this.outputs = outputs;
        this.uploads = uploads;
    }

    void handle(Connection connection) throws IOException {
        if (!connection.method().equals("GET") && !connection.method().equals("HEAD")) {
            connection.empty(405);
            return;
        }
        String path = connection.path();
        Optional<Urls.OutputPath> output = Urls.output(path);
        if (output.isPresent()) {
            output(connection, output.get());
        } else if (path.startsWith(Urls.UPLOADS)) {
            upload(connection, path.substring(Urls.UPLOADS.length()));
        } else {
            missing(connection);
        }
    }

    private void upload(Connection connection, String name) throws IOException {
        Optional<Uploads.Upload> upload = uploads.find(name);
        if (upload.isPresent()) {
            serve(connection, upload.get().contentType(), uploads.bytes(upload.get()));
        } else {
            missing(connection);
        }
    }

    private void output(Connection connection, Urls.OutputPath path) throws IOException {
        Optional<Prediction> found = ledger.entry(path.id()).map(Ledger.Entry::prediction);
        if (found.isEmpty() || !available(found.get(), path.version())) {
            missing(connection);
            return;
        }
        Prediction prediction = found.get();
        Occasion occasion = new Occasion(
                Fault.Stage.DOWNLOAD,
                prediction.model(),
                prediction.prompt(),
                prediction.job(),
                ledger.downloaded(prediction.id()));
        Optional<Fault> fault = account.fault(occasion);
        if (fault.isPresent()) {
            spoil(connection, fault.get(), prediction, path.version());
        } else {
            serve(connection, prediction.kind().contentType(), outputs.bytes(prediction));
        }
    }

    private boolean available(Prediction prediction, int version) {
        var now = ledger.clock().instant();
        return prediction.ended(now)
                && prediction.outcome() == Prediction.Outcome.SUCCEEDED
                && now.isBefore(prediction.expiresAt())
                && version == ledger.urlVersion(prediction.id());
    }

    private void spoil(Connection connection, Fault fault, Prediction prediction, int version) throws IOException {
        String type = prediction.kind().contentType();
        switch (fault) {
            case DOWNLOAD_CUT -> connection.cut(type, outputs.bytes(prediction));
            case DOWNLOAD_SHORT -> {
                byte[] whole = outputs.bytes(prediction);
                connection.setHeader("ETag", etag(whole));
                connection.send(200, type, whole, 0, whole.length / 2);
            }
            case DOWNLOAD_REDIRECT -> {
                connection.setHeader("Location", METADATA);
                connection.empty(302);
            }
            case DOWNLOAD_HANG -> connection.hang();
            case DOWNLOAD_500 -> connection.html(500);
            default -> {
                ledger.expireUrl(prediction.id(), version);
                missing(connection);
            }
        }
    }

    private static void serve(Connection connection, String contentType, byte[] bytes) throws IOException {
        connection.setHeader("ETag", etag(bytes));
        connection.setHeader("Accept-Ranges", "bytes");
        Matcher range = RANGE.matcher(connection.header("Range").orElse(""));
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            connection.send(200, contentType, bytes);
            return;
        }
        boolean suffix = range.group(1).isEmpty();
        long from =
                suffix ? Math.max(0, bytes.length - Long.parseLong(range.group(2))) : Long.parseLong(range.group(1));
        long to = suffix || range.group(2).isEmpty() ? bytes.length - 1 : Long.parseLong(range.group(2));
        long last = Math.min(to, bytes.length - 1L);
        if (from > last) {
            connection.setHeader("Content-Range", "bytes */" + bytes.length);
            connection.empty(416);
        } else {
            connection.setHeader("Content-Range", "bytes " + from + "-" + last + "/" + bytes.length);
            connection.send(206, contentType, bytes, (int) from, (int) (last - from + 1));
        }
    }

    private static void missing(Connection connection) throws IOException {
        String error = "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>";
        connection.send(404, "application/xml", error.getBytes(StandardCharsets.UTF_8));
    }

    /** The quoted SHA-256 of the whole file, in hex. */
    private static String etag(byte[] bytes) {
        try {
            return '"'
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
