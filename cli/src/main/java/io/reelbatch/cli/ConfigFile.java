package io.reelbatch.cli;

import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.planning.InputFinder;
import io.reelbatch.domain.planning.Plan;
import io.reelbatch.domain.planning.Planner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** A config file, read, checked and planned. */
final class ConfigFile {
    /** Moments in names, UTC. */
    static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

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
        return read(path, InputFiles.NO_STACK, new ConfigReader(Notifications.mayBeLocal(System.getenv())));
    }

    /** The same of a config for a stack, with {@code stored} to look at inputs that are objects of a stack. */
    static ConfigFile read(Path path, InputFinder stored) throws IOException {
        return read(path, stored, new ConfigReader(false));
    }

    private static ConfigFile read(Path path, InputFinder stored, ConfigReader reader) throws IOException {
        if (Files.isDirectory(path)) {
            throw new UsageException("\"" + path + "\" is a folder; name a config file.");
        }
        if (!Files.exists(path)) {
            throw new UsageException("There is no file " + path + ".");
        }
        if (!Files.isReadable(path)) {
            throw new UsageException("No permission to read " + path + ".");
        }
        byte[] content = Files.readAllBytes(path);
        InputFiles inputs = new InputFiles(path.toAbsolutePath().resolveSibling(""), stored);
        Plan plan = Planner.plan(reader, path.toString(), content, Catalog.shipped(), inputs);
        return new ConfigFile(path.getFileName().toString(), content, plan, inputs);
    }

    /** Plans a config that, like its inputs, is an object in a stack's bucket. */
    static ConfigFile read(String uri, byte[] content, InputFinder stored) {
        Plan plan = Planner.plan(new ConfigReader(false), uri, content, Catalog.shipped(), stored);
        return new ConfigFile(uri.substring(uri.lastIndexOf('/') + 1), content, plan, new InputFiles(Path.of("")));
    }

    /** A name for a batch of this config that begins now: two starts in one second are the same batch. */
    String batchId(Instant now) {
        return STAMP.format(now) + "-" + sha256().substring(0, 8);
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
