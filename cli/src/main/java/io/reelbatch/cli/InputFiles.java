package io.reelbatch.cli;

import io.reelbatch.adapters.provider.InputCheck;
import io.reelbatch.adapters.provider.InputCheck.Checked;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.config.Tables;
import io.reelbatch.domain.planning.InputFinder;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The input images and the table that a config file names, relative to where the config lies. */
final class InputFiles implements InputFinder {
    /** On this machine there are no objects. */
    static final InputFinder NO_STACK = reference -> new Found.Unusable(
            "names an object of a deployed stack; on this machine it must be a file path or an https:// address");

    private final Path base;
    private final InputFinder stored;
    private final Map<Path, Found> seen = new LinkedHashMap<>();
    private final Map<String, Image> images = new LinkedHashMap<>();
    private final Map<String, byte[]> tables = new LinkedHashMap<>();

    private record Image(Path path, Found.File found) {}

    /** @param base folder of the config */
    InputFiles(Path base) {
        this(base, NO_STACK);
    }

    /**
     * The same for a stack.
     *
     * @param stored looks at references to its objects
     */
    InputFiles(Path base, InputFinder stored) {
        this.base = base;
        this.stored = stored;
    }

    @Override
    public Found find(String reference) {
        return InputCheck.address(reference).orElseGet(() -> file(reference));
    }

    private Found file(String reference) {
        if (reference.startsWith("s3://")) {
            return stored.find(reference);
        }
        try {
            Path path =
                    base.resolve(CommandPath.named(reference)).toAbsolutePath().normalize();
            Found found = seen.computeIfAbsent(path, InputFiles::look);
            if (found instanceof Found.File file) {
                images.put(reference, new Image(path, file));
            }
            return found;
        } catch (InvalidPathException e) {
            return new Found.Unusable("is not a file path: " + e.getReason());
        }
    }

    private static Found look(Path path) {
        if (!Files.exists(path)) {
            return new Found.Unusable("names a file that is not there: " + path);
        }
        if (!Files.isRegularFile(path)) {
            return new Found.Unusable("does not name a file: " + path);
        }
        try (InputStream in = Files.newInputStream(path)) {
            Checked checked = InputCheck.check(in);
            if (checked instanceof Checked.Image image) {
                String name = image.sha256() + "." + image.kind().extension();
                return new Found.File(
                        "inputs/" + name, image.sha256(), image.kind().contentType(), image.bytes());
            }
            return new Found.Unusable(((Checked.Unusable) checked).why() + " (" + path + ")");
        } catch (IOException e) {
            return new Found.Unusable("names a file that cannot be read: " + path);
        }
    }

    @Override
    public Tables.Found table(String reference) {
        try {
            Path path =
                    base.resolve(CommandPath.named(reference)).toAbsolutePath().normalize();
            if (!Files.isRegularFile(path)) {
                return new Tables.Found.Unusable("names a file that is not there: " + path);
            }
            try (InputStream in = Files.newInputStream(path)) {
                byte[] content = in.readNBytes(ConfigReader.MAX_BYTES + 1);
                tables.put(reference, content);
                return new Tables.Found.Table(shown(path), content);
            }
        } catch (InvalidPathException e) {
            return new Tables.Found.Unusable("is not a file path: " + e.getReason());
        } catch (IOException e) {
            return new Tables.Found.Unusable("names a file that cannot be read: " + reference);
        }
    }

    private static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    }

    /** Content of the tables of jobs, on which the jobs depend besides the config itself. */
    Collection<byte[]> tables() {
        return tables.values();
    }

    /** Follows images that lay in an earlier batch's folder to where that batch was moved. */
    void moved(Path from, Path to) {
        images.replaceAll((reference, image) -> image.path().startsWith(from) && !Files.exists(image.path())
                ? new Image(to.resolve(from.relativize(image.path())), image.found())
                : image);
    }

    /** Copies the table and each distinct image into the batch; gives the object's key by reference. */
    Map<String, String> stage(ObjectStore objects, String batchId) throws IOException {
        BatchFolder folder = new BatchFolder(batchId);
        Map<String, String> keys = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> table : tables.entrySet()) {
            String key = folder.internal("inputs/jobs.csv");
            try (ObjectWriter out = objects.write(key, "text/csv")) {
                out.write(table.getValue());
                out.commit();
            }
            keys.put(table.getKey(), key);
        }
        for (Map.Entry<String, Image> entry : images.entrySet()) {
            Image image = entry.getValue();
            String key = folder.internal(image.found().key());
            if (!keys.containsValue(key)) {
                copy(image, objects, key);
            }
            keys.put(entry.getKey(), key);
        }
        return keys;
    }

    private static void copy(Image image, ObjectStore objects, String key) throws IOException {
        try (InputStream in = Files.newInputStream(image.path());
                ObjectWriter out = objects.write(key, image.found().contentType())) {
            in.transferTo(out);
            out.commit();
        }
    }
}
