package io.reelbatch.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectStoreContract;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest extends ObjectStoreContract {
    private static final String FOLDER = "batches/" + BATCH + "/";

    @TempDir
    Path home;

    @Override
    protected ObjectStore openStore() throws IOException {
        return new FileObjectStore(home.resolve("new/out"), BATCH);
    }

    private Path root() {
        return home.resolve("new/out");
    }

    @Test
    void outputsLieWherePeopleLook() throws IOException {
        try (ObjectStore store = openStore()) {
            put(store, FOLDER + "images/hero.png");
            put(store, FOLDER + "manifest.json");
            put(store, FOLDER + ".map/m.json");
            put(store, FOLDER + "archive/a.txt");
            put(store, "configs/weekly.yaml");
            put(store, "batches/another/images/a.png");
        }

        assertThat(root().resolve("images/hero.png")).hasContent("x");
        assertThat(files())
                .containsExactlyInAnyOrder(
                        "images/hero.png",
                        "manifest.json",
                        ".reelbatch/objects/" + FOLDER + ".map/m.json",
                        ".reelbatch/objects/" + FOLDER + "archive/a.txt",
                        ".reelbatch/objects/configs/weekly.yaml",
                        ".reelbatch/objects/batches/another/images/a.png");
    }

    @Test
    void whatWasMovedToTheArchiveIsStillFound() throws IOException {
        String key = FOLDER + "images/hero.png";
        String location;
        try (ObjectStore store = openStore()) {
            put(store, key);
            location = store.location(key);
        }
        Path archived = root().resolve("archive/" + BATCH + "/images/hero.png");
        Files.createDirectories(archived.resolveSibling(""));
        Files.move(root().resolve("images/hero.png"), archived);
        Files.writeString(root().resolve("images/hero.png"), "a newer batch's");

        try (FileObjectStore next = new FileObjectStore(root(), "weekly-2")) {
            assertThat(next.adopt(location, "batches/weekly-2/images/again.png"))
                    .isTrue();
        }

        assertThat(root().resolve("images/again.png")).hasContent("x");
    }

    @Test
    void onlyOutputsAreAdopted() throws IOException {
        Files.createDirectories(root().resolve(".reelbatch"));
        Files.writeString(root().resolve(".reelbatch/jobs.db"), "precious");
        try (ObjectStore store = openStore()) {
            for (String path : List.of(".reelbatch/jobs.db", "../x", "images/../.reelbatch/jobs.db")) {
                assertThat(store.adopt(root() + "//" + FOLDER + path, FOLDER + "images/a.png"))
                        .as(path)
                        .isFalse();
            }
        }
    }

    @Test
    void noKeyNamesTheStoresOwnFiles() throws IOException {
        Files.createDirectories(root().resolve(".reelbatch"));
        Path jobs = Files.writeString(root().resolve(".reelbatch/jobs.db"), "precious");
        try (ObjectStore store = openStore()) {
            for (String key : List.of(FOLDER + ".reelbatch/jobs.db", ".reelbatch/jobs.db", "jobs.db")) {
                assertThat(store.find(key)).isEmpty();
                put(store, key);
                store.delete(key);
            }
        }

        assertThat(jobs).hasContent("precious");
    }

    @Test
    void whatAKilledProcessWasWritingIsRemoved() throws IOException {
        Path leftover = root().resolve(".reelbatch/tmp/leftover");
        Files.createDirectories(root().resolve(".reelbatch/tmp"));
        Files.writeString(leftover, "half an image");

        openStore().close();

        assertThat(leftover).doesNotExist();
    }

    @Test
    void aFolderThatIsALinkIsNotFollowed() throws IOException {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("a.png"), "not ours");
        try (ObjectStore store = openStore()) {
            Files.createSymbolicLink(root().resolve("images"), elsewhere);

            assertThatThrownBy(() -> put(store, FOLDER + "images/b.png"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("symbolic link");
            assertThatThrownBy(() -> store.read(FOLDER + "images/a.png")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> store.delete(FOLDER + "images/a.png")).isInstanceOf(IOException.class);
            assertThat(keys(store)).isEmpty();
        }

        assertThat(elsewhere.resolve("a.png")).hasContent("not ours");
        assertThat(elsewhere.resolve("b.png")).doesNotExist();
    }

    @Test
    void aFileThatIsALinkIsReplacedAndNeverRead() throws IOException {
        Path secret = Files.writeString(home.resolve("secret"), "not ours");
        try (ObjectStore store = openStore()) {
            Files.createSymbolicLink(root().resolve("manifest.json"), secret);

            assertThat(store.find(FOLDER + "manifest.json")).isEmpty();
            assertThatThrownBy(() -> store.read(FOLDER + "manifest.json")).isInstanceOf(IOException.class);
            put(store, FOLDER + "manifest.json");
        }

        assertThat(secret).hasContent("not ours");
        assertThat(root().resolve("manifest.json")).hasContent("x").isRegularFile();
    }

    @Test
    void theStateFolderMayNotBeALink() throws IOException {
        Path out = Files.createDirectory(home.resolve("out"));
        Files.createSymbolicLink(out.resolve(".reelbatch"), Files.createDirectory(home.resolve("elsewhere")));

        assertThatThrownBy(() -> new FileObjectStore(out, BATCH))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("symbolic link");
    }

    @Test
    void theOutputFolderItselfMayBeALink() throws IOException {
        Path disk = Files.createDirectory(home.resolve("disk"));
        Files.createSymbolicLink(home.resolve("link"), disk);

        try (ObjectStore store = new FileObjectStore(home.resolve("link"), BATCH)) {
            put(store, FOLDER + "images/a.png");
        }

        assertThat(disk.resolve("images/a.png")).hasContent("x");
    }

    @Test
    void aFileWhereAFolderIsNeededIsNamed() throws IOException {
        try (ObjectStore store = openStore()) {
            Files.writeString(root().resolve("images"), "somebody's notes");

            assertThatThrownBy(() -> put(store, FOLDER + "images/a.png"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("images");
        }

        assertThat(root().resolve("images")).hasContent("somebody's notes");
    }

    @Test
    void anInterruptedThreadStillCommits() throws IOException {
        try (ObjectStore store = openStore()) {
            Thread.currentThread().interrupt();
            put(store, FOLDER + "images/a.png");
            boolean stillInterrupted = Thread.interrupted();

            assertThat(stillInterrupted).isTrue();
            try (InputStream in = store.read(FOLDER + "images/a.png")) {
                assertThat(in.readAllBytes()).containsExactly('x');
            }
        }
    }

    @Test
    void aBatchIdCannotLeadElsewhere() {
        assertThatThrownBy(() -> new FileObjectStore(home, "..")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FileObjectStore(home, "a/b")).isInstanceOf(IllegalArgumentException.class);
    }

    private static void put(ObjectStore store, String key) throws IOException {
        try (ObjectWriter writer = store.write(key, "text/plain")) {
            writer.write("x".getBytes(UTF_8));
            writer.commit();
        }
    }

    private static List<String> keys(ObjectStore store) throws IOException {
        List<String> keys = new ArrayList<>();
        store.list("", object -> keys.add(object.key()));
        return keys;
    }

    private List<String> files() throws IOException {
        try (var files = Files.walk(root())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root().relativize(file).toString())
                    .toList();
        }
    }
}
