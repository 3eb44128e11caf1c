package io.reelbatch.cli;

import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.planning.Plan;
import io.reelbatch.domain.planning.Planner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A config file, read, checked and planned. */
final class ConfigFile {
    private final String name;
    private final byte[] content;
    private final Plan plan;
    private final InputFiles inputs;

    private ConfigFile(String name, byte[] content, Plan plan, InputFiles inputs) {
        this.name = name;
        this.content = content;
        this.plan = plan;
        this.inputs = inputs;
    }

    /** Reads and plans a file; a bad one is an {@code InvalidConfigException}, a missing one a {@link UsageException}. */
    static ConfigFile read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new UsageException("There is no file " + path + ".");
        }
        byte[] content = Files.readAllBytes(path);
        InputFiles inputs = new InputFiles(path.toAbsolutePath().resolveSibling(""));
        Plan plan = Planner.plan(new ConfigReader(), path.toString(), content, Catalog.shipped(), inputs);
        return new ConfigFile(path.getFileName().toString(), content, plan, inputs);
    }

    /** Its file name. */
    String name() {
        return name;
    }

    Plan plan() {
        return plan;
    }

    /** The input images and the table that it names. */
    InputFiles inputs() {
        return inputs;
    }

    void copyTo(OutputStream out) throws IOException {
        out.write(content);
    }

    /** The digest of its bytes and of those of its table, lower-case hex. */
    String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content);
            inputs.tables().forEach(digest::update);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
