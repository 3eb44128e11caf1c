package io.reelbatch.handlers;

import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.domain.store.ObjectKeys;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the problems of a config as text under {@code config-errors/}, for uploads, schedules and messages, whose
 * senders wait for no answer.
 */
final class ConfigErrors {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigErrors.class);
    private static final String FOLDER = "config-errors/";

    private final Parts parts;

    ConfigErrors(Parts parts) {
        this.parts = parts;
    }

    /**
     * Writes all problems down.
     *
     * @param name such as {@code weekly.yaml}, for {@code config-errors/weekly.yaml.txt}
     */
    void write(String name, InvalidConfigException invalid) throws IOException {
        String key = key(name);
        try (ObjectWriter out = parts.objects().write(key, "text/plain; charset=utf-8")) {
            for (Object problem : invalid.problems()) {
                out.write((problem + "\n").getBytes(StandardCharsets.UTF_8));
            }
            out.write("Nothing was started, and nothing paid. Correct the config and send it again.\n"
                    .getBytes(StandardCharsets.UTF_8));
            out.commit();
        }
        parts.metrics().configRefused();
        LOG.atError()
                .setMessage("a config cannot be run, nothing was started")
                .addKeyValue("errors", key)
                .addKeyValue("problems", invalid.problems().size())
                .log();
    }

    /** The config of that name is in order now. */
    void clear(String name) throws IOException {
        parts.objects().delete(key(name));
    }

    private static String key(String name) {
        return ObjectKeys.check(FOLDER + name + ".txt");
    }
}
