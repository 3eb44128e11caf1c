package io.reelbatch.cli.simulator;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The paths the simulator serves, and the absolute URLs it gives out for them. */
record Urls(URI root, ApiShape shape) {
    static final String API = "/api/v1";
    static final String FILES = "/files/";
    static final String UPLOADS = FILES + "uploads/";

    private static final Pattern POLL = Pattern.compile(API + "/model/(?:prediction|result)/([0-9A-Za-z_-]+)(/get)?");
    private static final Pattern OUTPUT = Pattern.compile(FILES + "([0-9a-f]+)/(\\d{1,6})\\.[a-z0-9]+");

    /** A version of a prediction's output. */
    record OutputPath(String id, int version) {}

    String poll(String id) {
        return root + API + "/model/prediction/" + id + (shape == ApiShape.TUTORIAL ? "/get" : "");
    }

    String output(Prediction prediction, int version) {
        return root + FILES + prediction.id() + "/" + version + "."
                + prediction.kind().extension();
    }

    String upload(String name) {
        return root + UPLOADS + name;
    }

    /** The id that a path polls, if it does in this shape. */
    Optional<String> polled(String path) {
        Matcher matcher = POLL.matcher(path);
        boolean matches = matcher.matches() && (matcher.group(2) != null) == (shape == ApiShape.TUTORIAL);
        return matches ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    static Optional<OutputPath> output(String path) {
        Matcher matcher = OUTPUT.matcher(path);
        return matcher.matches()
                ? Optional.of(new OutputPath(matcher.group(1), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }
}
