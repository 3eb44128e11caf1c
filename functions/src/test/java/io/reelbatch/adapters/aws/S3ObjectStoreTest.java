package io.reelbatch.adapters.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectStoreContract;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

@UsesS3Proxy
class S3ObjectStoreTest extends ObjectStoreContract {
    private static final int LARGE = 2 * S3ObjectWriter.PART_BYTES + 1;

    private final Emulators emulators;
    private final String bucket = "contract-" + UUID.randomUUID();

    S3ObjectStoreTest(Emulators emulators) {
        this.emulators = emulators;
    }

    @Override
    protected ObjectStore openStore() {
        S3Client client = emulators.clients().s3();
        S3ObjectStore.createIfMissing(client, bucket);
        return new S3ObjectStore(client, bucket);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, LARGE})
    void theContentTypeIsKept(int bytes) throws IOException {
        try (ObjectStore store = openStore();
                S3Client client = emulators.clients().s3()) {
            put(store, "videos/a.mp4", bytes);
            store.copy("videos/a.mp4", "videos/b.mp4");

            for (String key : List.of("videos/a.mp4", "videos/b.mp4")) {
                assertThat(client.headObject(request -> request.bucket(bucket).key(key))
                                .contentType())
                        .isEqualTo("video/mp4");
            }
        }
    }

    @Test
    void anAbandonedWriteLeavesNoParts() throws IOException {
        try (ObjectStore store = openStore();
                S3Client client = emulators.clients().s3()) {
            try (ObjectWriter writer = store.write("videos/a.mp4", "video/mp4")) {
                writer.write(new byte[LARGE]);
                assertThat(client.listMultipartUploads(request -> request.bucket(bucket))
                                .uploads())
                        .hasSize(1);
            }

            assertThat(client.listMultipartUploads(request -> request.bucket(bucket))
                            .uploads())
                    .isEmpty();
        }
    }

    @Test
    void aStoreBelowAPrefixSeesNothingElse() throws IOException {
        try (ObjectStore whole = openStore();
                ObjectStore below = new S3ObjectStore(emulators.clients().s3(), bucket, "team-a/")) {
            put(below, "configs/a.yaml", 3);
            put(whole, "configs/b.yaml", 3);

            assertThat(keys(below)).containsExactly("configs/a.yaml");
            assertThat(keys(whole)).containsExactly("configs/b.yaml", "team-a/configs/a.yaml");
            below.copy("configs/a.yaml", "configs/c.yaml");
            below.delete("configs/a.yaml");
            assertThat(keys(below)).containsExactly("configs/c.yaml");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"team-a", "/team-a/", "../", "a//"})
    void aPrefixIsAFolder(String prefix) {
        try (S3Client client = emulators.clients().s3()) {
            assertThatThrownBy(() -> new S3ObjectStore(client, bucket, prefix))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aMissingBucketIsNamed() throws IOException {
        try (ObjectStore store = new S3ObjectStore(emulators.clients().s3(), "no-such-bucket");
                ObjectWriter writer = store.write("a", "text/plain")) {
            assertThatThrownBy(writer::commit)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no-such-bucket")
                    .hasMessageContaining("AWS_REGION");
            assertThatThrownBy(() -> store.list("", object -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no-such-bucket");
            assertThatThrownBy(() -> store.read("a"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no-such-bucket");
        }
    }

    @Test
    void whatTheListsVisitorThrowsReachesTheCaller() throws IOException {
        try (ObjectStore store = openStore()) {
            put(store, "a", 1);

            assertThatThrownBy(() -> store.list("", object -> {
                        throw new IllegalStateException("visitor failed");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("visitor failed");
        }
    }

    private static void put(ObjectStore store, String key, int bytes) throws IOException {
        try (ObjectWriter writer = store.write(key, "video/mp4")) {
            writer.write(new byte[bytes]);
            writer.commit();
        }
    }

    private static List<String> keys(ObjectStore store) throws IOException {
        List<String> keys = new ArrayList<>();
        store.list("", object -> keys.add(object.key()));
        return keys;
    }
}
