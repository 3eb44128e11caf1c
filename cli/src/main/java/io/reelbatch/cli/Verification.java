package io.reelbatch.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.provider.Download;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Compares the files of a batch with its manifest, reading each file once. */
final class Verification {
    private final OutputFiles files;
    private final Downloader reader;
    private final List<Problem> problems = new ArrayList<>();
    private int checked;
    private int withoutFile;

    private Verification(OutputFiles files, Downloader reader) {
        this.files = files;
        this.reader = reader;
    }

    /** A file that is missing or not what the manifest says. */
    record Problem(String path, String name, String problem) {}

    /**
     * What was found.
     *
     * @param withoutFile jobs that have none, as those that failed
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record Result(int checked, int withoutFile, List<Problem> problems) {}

    /**
     * Reads the manifest and every file that it names.
     *
     * @param place for messages
     */
    static Result of(OutputFiles files, String place) throws IOException {
        try (Downloader reader = new Downloader(Downloader.Settings.of(true));
                InputStream manifest = files.read("manifest.json");
                JsonParser json = Json.mapper().getFactory().createParser(manifest)) {
            Verification verification = new Verification(files, reader);
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME && "results".equals(json.currentName())) {
                    json.nextToken();
                    verification.takeIn(json);
                }
            }
            return new Result(verification.checked, verification.withoutFile, verification.problems);
        } catch (NoSuchFileException e) {
            throw new UsageException("There is no manifest.json in " + place + ". A batch that has ended has one.");
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new UsageException("The manifest.json in " + place + " is no whole JSON: the file is damaged.");
        }
    }

    private void takeIn(JsonParser results) throws IOException {
        while (results.nextToken() == JsonToken.START_OBJECT) {
            JsonNode result = results.readValueAsTree();
            JsonNode outputs = result.path("files");
            if (outputs.isEmpty() && result.path("path").isTextual()) {
                // Manifests before files were listed: the first output is described by the result itself.
                check(result, result);
            } else if (outputs.isEmpty()) {
                withoutFile++;
            }
            for (JsonNode output : outputs) {
                check(result, output);
            }
        }
    }

    private void check(JsonNode result, JsonNode output) throws IOException {
        checked++;
        String path = output.path("path").asText();
        String problem = problem(output, path);
        if (!problem.isEmpty()) {
            problems.add(new Problem(path, result.path("name").asText(), problem));
        }
    }

    /** Empty when the file is what the manifest says. */
    private String problem(JsonNode expected, String path) throws IOException {
        Download found;
        try {
            found = reader.copy(files.read(path), kind -> OutputStream.nullOutputStream(), Downloader.Limits.DEFAULT);
        } catch (NoSuchFileException e) {
            return "missing";
        } catch (IllegalArgumentException e) {
            return "not a path inside the batch's folder";
        }
        if (!(found instanceof Download.Done done)) {
            return "is no whole image, video or sound any more";
        }
        if (done.bytes() != expected.path("bytes").asLong(-1)) {
            return "has " + done.bytes() + " bytes, the manifest says "
                    + expected.path("bytes").asText("nothing");
        }
        if (!done.sha256().equals(expected.path("sha256").asText())) {
            return "has other content: sha256 " + done.sha256() + ", the manifest says "
                    + expected.path("sha256").asText("nothing");
        }
        String type = expected.path("content_type").asText();
        return done.kind().contentType().equals(type)
                ? ""
                : "is " + done.kind().contentType() + ", the manifest says " + type;
    }
}
