package io.reelbatch.domain.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reelbatch.domain.store.ObjectStore.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link ObjectStore} must do. An adapter's test extends this. */
public abstract class ObjectStoreContract {
    /** The batch whose objects are written: {@code batches/<this>/...}. */
    protected static final String BATCH = "weekly-1";

    private static final String FOLDER = "batches/" + BATCH + "/";
    private static final String KEY = FOLDER + "images/hero_shot.png";
    private static final int MEGABYTE = 1024 * 1024;
    private static final int WRITERS = 8;

    private final List<ObjectStore> opened = new ArrayList<>();
    private ObjectStore store;

    /** Opens the store under test, empty in each test, and with the same objects behind it within one. */
    protected abstract ObjectStore openStore() throws Exception;

    /** Whether somebody who is reading an object goes on reading the old one while it is replaced. */
    protected boolean readersKeepWhatTheyOpened() {
        return true;
    }

    @BeforeEach
    void open() throws Exception {
        store = openAnother();
    }

    @AfterEach
    void close() {
        opened.forEach(ObjectStore::close);
    }

    private ObjectStore openAnother() throws Exception {
        ObjectStore another = openStore();
        opened.add(another);
        return another;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8 * MEGABYTE - 1, 8 * MEGABYTE, 8 * MEGABYTE + 1, 20 * MEGABYTE + 12_345})
    void anObjectOfAnySizeComesBack(int bytes) throws IOException {
        StoredObject committed;
        try (ObjectWriter writer = store.write(KEY, "image/png")) {
            Pattern.writeTo(writer, bytes);
            committed = writer.commit();
        }

        assertThat(committed).isEqualTo(new StoredObject(KEY, bytes));
        assertThat(store.find(KEY)).contains(committed);
        assertThat(list(FOLDER)).containsExactly(committed);
        try (InputStream in = store.read(KEY)) {
            Pattern.assertSame(in, bytes);
        }
    }

    @Test
    void bytesMayBeWrittenOneByOne() throws IOException {
        try (ObjectWriter writer = store.write(KEY, "text/plain")) {
            for (int b = 0; b < 256; b++) {
                writer.write(b);
            }
            writer.flush();
            writer.commit();
        }

        byte[] read = readAll(KEY);
        assertThat(read).hasSize(256);
        assertThat(read[255]).isEqualTo((byte) 255);
    }

    @Test
    void nothingIsSeenBeforeTheCommit() throws IOException {
        try (ObjectWriter writer = store.write(KEY, "image/png")) {
            Pattern.writeTo(writer, 17 * MEGABYTE);
            writer.flush();

            assertThat(store.find(KEY)).isEmpty();
            assertThat(list("")).isEmpty();
            assertThatThrownBy(() -> store.read(KEY)).isInstanceOf(NoSuchFileException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 17 * MEGABYTE})
    void closedWithoutCommitNothingStays(int bytes) throws IOException {
        try (ObjectWriter writer = store.write(KEY, "image/png")) {
            Pattern.writeTo(writer, bytes);
        }

        assertThat(store.find(KEY)).isEmpty();
        assertThat(list("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 17 * MEGABYTE})
    void anAbandonedWriteLeavesTheOldObject(int bytes) throws IOException {
        put(KEY, "old");

        try (ObjectWriter writer = store.write(KEY, "image/png")) {
            Pattern.writeTo(writer, bytes);
        }

        assertThat(text(KEY)).isEqualTo("old");
    }

    @Test
    void aWriterWhoNeverCameBackLeavesTheOldObject() throws Exception {
        put(KEY, "old");
        ObjectStore killed = openStore();
        ObjectWriter writer = killed.write(KEY, "image/png");
        Pattern.writeTo(writer, 9 * MEGABYTE);

        ObjectStore restarted = openAnother();

        assertThat(text(KEY)).isEqualTo("old");
        try (ObjectWriter again = restarted.write(KEY, "image/png")) {
            again.write("new".getBytes(UTF_8));
            again.commit();
        }
        assertThat(text(KEY)).isEqualTo("new");
        assertThat(list("")).containsExactly(new StoredObject(KEY, 3));
        writer.close();
        killed.close();
    }

    @Test
    void aCommitReplacesTheWholeObject() throws IOException {
        put(KEY, "a long old text");

        try (ObjectWriter writer = store.write(KEY, "text/plain")) {
            writer.write("new".getBytes(UTF_8));
            assertThat(text(KEY)).isEqualTo("a long old text");
            writer.commit();
        }

        assertThat(text(KEY)).isEqualTo("new");
        assertThat(list("")).containsExactly(new StoredObject(KEY, 3));
    }

    @Test
    void whoeverReadsTheOldObjectReadsItToItsEnd() throws IOException {
        assumeTrue(readersKeepWhatTheyOpened(), "this store's emulator does not keep old objects for their readers");
        int bytes = 12 * MEGABYTE;
        try (ObjectWriter writer = store.write(KEY, "image/png")) {
            Pattern.writeTo(writer, bytes);
            writer.commit();
        }

        try (InputStream in = store.read(KEY)) {
            assertThat(in.readNBytes(10)).hasSize(10);
            put(KEY, "new");
            assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(bytes - 10);
        }
    }

    @Test
    void aWriterIsDoneAfterItsCommit() throws IOException {
        ObjectWriter writer = store.write(KEY, "text/plain");
        writer.write('a');
        writer.commit();

        assertThatThrownBy(() -> writer.write('b')).isInstanceOf(IOException.class);
        assertThatThrownBy(writer::commit).isInstanceOf(IOException.class);
        writer.close();
        writer.close();

        assertThat(text(KEY)).isEqualTo("a");
    }

    @Test
    void aClosedWriterCannotCommit() throws IOException {
        ObjectWriter writer = store.write(KEY, "text/plain");
        writer.write('a');
        writer.close();

        assertThatThrownBy(writer::commit).isInstanceOf(IOException.class);
        assertThat(store.find(KEY)).isEmpty();
    }

    @Test
    void whatIsNotThereIsSaidSo() throws IOException {
        assertThat(store.find(KEY)).isEmpty();
        assertThatThrownBy(() -> store.read(KEY))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("hero_shot.png");
        assertThatThrownBy(() -> store.copy(KEY, FOLDER + "b.png")).isInstanceOf(NoSuchFileException.class);
        assertThat(list("")).isEmpty();
        store.delete(KEY);
    }

    @Test
    void aFolderIsNotAnObject() throws IOException {
        put(KEY, "a");

        assertThat(store.find(FOLDER + "images")).isEmpty();
        assertThatThrownBy(() -> store.read(FOLDER + "images")).isInstanceOf(NoSuchFileException.class);
        store.delete(FOLDER + "images");

        assertThat(text(KEY)).isEqualTo("a");
    }

    @Test
    void aCopyHasTheSameBytesAndReplacesItsTarget() throws IOException {
        String target = FOLDER + "videos/copy.mp4";
        put(KEY, "original");
        put(target, "a much longer older text");

        store.copy(KEY, target);
        put(KEY, "changed");

        assertThat(text(target)).isEqualTo("original");
        assertThat(text(KEY)).isEqualTo("changed");
    }

    @Test
    void whatIsWhereALocationSaysIsAdopted() throws Exception {
        put(KEY, "first");
        put(FOLDER + "images/copy.png", "in the way");

        try (ObjectStore later = openStore()) {
            assertThat(later.adopt(store.location(KEY), FOLDER + "images/copy.png"))
                    .isTrue();
        }

        try (InputStream in = store.read(FOLDER + "images/copy.png")) {
            assertThat(in.readAllBytes()).isEqualTo("first".getBytes(UTF_8));
        }
    }

    @Test
    void whatIsGoneOrOutOfReachIsNotAdopted() throws IOException {
        String gone = store.location(FOLDER + "images/gone.png");

        for (String location : List.of(gone, "", "/", "//", "s3://somebody-elses/images/a.png", "/etc/passwd")) {
            assertThat(store.adopt(location, KEY)).as(location).isFalse();
        }
        assertThat(store.find(KEY)).isEmpty();
    }

    @Test
    void aBigObjectIsCopied() throws IOException {
        String target = FOLDER + "images/copy.png";
        try (ObjectWriter writer = store.write(KEY, "image/png")) {
            Pattern.writeTo(writer, 20 * MEGABYTE);
            writer.commit();
        }

        store.copy(KEY, target);

        try (InputStream in = store.read(target)) {
            Pattern.assertSame(in, 20 * MEGABYTE);
        }
    }

    @Test
    void aDeletedObjectIsGoneAndItsNeighboursStay() throws IOException {
        put(KEY, "a");
        put(FOLDER + "images/hero_shot.png.txt", "b");

        store.delete(KEY);

        assertThat(store.find(KEY)).isEmpty();
        assertThat(list("")).containsExactly(new StoredObject(FOLDER + "images/hero_shot.png.txt", 1));
    }

    @Test
    void aListIsInTheOrderOfTheKeysBytes() throws IOException {
        List<String> names =
                List.of("B.png", "a b", "a!", "a-b/c", "a.png", "a/a.png", "a/b/c", "a0", "aa", "b", "é", "英", "雄/x");
        List<String> keys = names.stream().map(FOLDER::concat).toList();
        for (int i = keys.size() - 1; i >= 0; i--) {
            put(keys.get(i), "x");
        }

        assertThat(keys(FOLDER)).isEqualTo(keys);
    }

    @Test
    void aListHasWhatStartsWithThePrefix() throws IOException {
        String other = "batches/" + BATCH + "0/images/x.png";
        List<String> keys =
                List.of(FOLDER + ".map/m.json", FOLDER + "image_1", FOLDER + "images/a", other, "configs/c");
        for (String key : keys) {
            put(key, "x");
        }

        assertThat(keys("")).containsExactlyElementsOf(keys);
        assertThat(keys("batches/")).containsExactlyElementsOf(keys.subList(0, 4));
        assertThat(keys("batches/" + BATCH)).containsExactlyElementsOf(keys.subList(0, 4));
        assertThat(keys(FOLDER)).containsExactlyElementsOf(keys.subList(0, 3));
        assertThat(keys(FOLDER + "image")).containsExactlyElementsOf(keys.subList(1, 3));
        assertThat(keys(FOLDER + "images/")).containsExactly(FOLDER + "images/a");
        assertThat(keys(FOLDER + "images/a")).containsExactly(FOLDER + "images/a");
        assertThat(keys(FOLDER + ".map/")).containsExactly(FOLDER + ".map/m.json");
        assertThat(keys(FOLDER + "videos/")).isEmpty();
        assertThat(keys("../")).isEmpty();
        assertThat(keys("/")).isEmpty();
    }

    @Test
    void aListHasMoreThanAThousandObjects() throws Exception {
        List<String> keys = IntStream.range(0, 1_101)
                .mapToObj(i -> FOLDER + "images/%05d.png".formatted(i))
                .toList();
        Together.run(WRITERS, i -> () -> {
            for (int n = i; n < keys.size(); n += WRITERS) {
                put(keys.get(n), "x");
            }
            return i;
        });

        assertThat(keys(FOLDER)).isEqualTo(keys);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "..",
                "../a",
                "a/..",
                "a/../b",
                "a/../../b",
                "batches/" + BATCH + "/../../../a",
                "batches/" + BATCH + "/..",
                ".",
                "a/./b",
                "a//b",
                "a/",
                "a\\b",
                "..\\a",
                "a\u0000b",
                "a\nb",
                "a\ud800b"
            })
    void aKeyThatCouldLeadElsewhereIsRefused(String key) {
        assertThatThrownBy(() -> store.find(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.read(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.write(key, "text/plain")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.copy(key, KEY)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.copy(KEY, key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.delete(key)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyOfMoreThan1024BytesIsRefused() {
        assertThatThrownBy(() -> store.write("é".repeat(513), "text/plain"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1024");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "images/a b.png",
                "images/a+b%20c.png",
                "images/a?b=c&d#e.png",
                "images/héro_英雄.png",
                "images/👩‍👩‍👧.png",
                "images/'\"<a>$(x)`y`;.png",
                "images/...png",
                "images/~",
                ".map/x/MANIFEST.json",
                ".reelbatch/plan.jsonl",
                "archive/a.txt"
            })
    void namesMayBeOdd(String name) throws IOException {
        put(FOLDER + name, name);

        assertThat(text(FOLDER + name)).isEqualTo(name);
        assertThat(keys(FOLDER)).containsExactly(FOLDER + name);
        store.copy(FOLDER + name, FOLDER + name + "2");
        assertThat(text(FOLDER + name + "2")).isEqualTo(name);
        store.delete(FOLDER + name);
        assertThat(store.find(FOLDER + name)).isEmpty();
    }

    @Test
    void ofEightWhoWriteOneObjectOneStaysWhole() throws Exception {
        int bytes = MEGABYTE;

        Together.run(WRITERS, i -> () -> {
            try (ObjectWriter writer = store.write(KEY, "image/png")) {
                for (int n = 0; n < bytes / 1024; n++) {
                    writer.write(("" + i).repeat(1024).getBytes(UTF_8));
                }
                return writer.commit();
            }
        });

        String left = text(KEY);
        assertThat(left).hasSize(bytes).isEqualTo(left.substring(0, 1).repeat(bytes));
        assertThat(list("")).hasSize(1);
    }

    @Test
    void eightWriteTheirOwnObjectsAtOnce() throws Exception {
        Together.run(WRITERS, i -> () -> {
            for (int n = 0; n < 10; n++) {
                put(FOLDER + "folder_" + n + "/writer_" + i, i + " " + n);
            }
            return i;
        });

        assertThat(list(FOLDER)).hasSize(WRITERS * 10);
        assertThat(text(FOLDER + "folder_3/writer_7")).isEqualTo("7 3");
    }

    @Test
    void aReaderMayStopEarly() throws IOException {
        try (ObjectWriter writer = store.write(KEY, "image/png")) {
            Pattern.writeTo(writer, 4 * MEGABYTE);
            writer.commit();
        }

        // More often than a client has connections, which a reader must give back.
        for (int i = 0; i < 70; i++) {
            try (InputStream in = store.read(KEY)) {
                assertThat(in.readNBytes(100)).hasSize(100);
            }
        }
    }

    @Test
    void anotherProcessSeesACommitAtOnce() throws Exception {
        ObjectStore other = openAnother();

        put(KEY, "a");

        assertThat(other.find(KEY)).contains(new StoredObject(KEY, 1));
        other.delete(KEY);
        assertThat(store.find(KEY)).isEmpty();
    }

    private void put(String key, String text) throws IOException {
        try (ObjectWriter writer = store.write(key, "text/plain")) {
            writer.write(text.getBytes(UTF_8));
            writer.commit();
        }
    }

    private byte[] readAll(String key) throws IOException {
        try (InputStream in = store.read(key)) {
            return in.readAllBytes();
        }
    }

    private String text(String key) throws IOException {
        return new String(readAll(key), UTF_8);
    }

    private List<StoredObject> list(String prefix) throws IOException {
        List<StoredObject> found = new ArrayList<>();
        store.list(prefix, found::add);
        return found;
    }

    private List<String> keys(String prefix) throws IOException {
        return list(prefix).stream().map(StoredObject::key).toList();
    }

    /** Bytes that differ at every place, so that a lost, doubled or swapped part shows. */
    private static final class Pattern {
        private static final int CHUNK = 65_537;

        static void writeTo(OutputStream out, int bytes) throws IOException {
            for (int at = 0; at < bytes; at += CHUNK) {
                out.write(chunk(at, Math.min(CHUNK, bytes - at)));
            }
        }

        static void assertSame(InputStream in, int bytes) throws IOException {
            for (int at = 0; at < bytes; at += CHUNK) {
                int length = Math.min(CHUNK, bytes - at);
                assertThat(in.readNBytes(length)).isEqualTo(chunk(at, length));
            }
            assertThat(in.read()).isEqualTo(-1);
        }

        private static byte[] chunk(int from, int length) {
            byte[] chunk = new byte[length];
            for (int i = 0; i < length; i++) {
                int at = from + i;
                chunk[i] = (byte) (at ^ at >> 8 ^ at >> 16);
            }
            return chunk;
        }
    }
}
