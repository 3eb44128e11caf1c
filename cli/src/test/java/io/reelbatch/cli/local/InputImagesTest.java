package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input images from the object store to the provider. */
class InputImagesTest {
    private static final String KEY = "batches/b1/.reelbatch/inputs/in.png";

    @TempDir
    Path home;

    @Test
    void eightJobsAtOnceUploadTheirImageOnce() throws IOException {
        try (LocalBatch batch = new LocalBatch(home, "b1", settings -> settings)) {
            batch.put(KEY, png());

            JsonNode manifest = batch.run(config(8), Map.of("hero.png", KEY));

            assertThat(manifest.path("successful").asInt()).isEqualTo(8);
            JobRecord job = batch.jobs.job(new JobKey("b1", 0)).orElseThrow();
            assertThat(job.plan().request().path("image").asText())
                    .as("the record")
                    .isEqualTo("object:" + KEY);
            String sha256 = job.plan().inputs().get(0).sha256();
            Fact upload = batch.jobs.fact(new FactKey("b1", "upload/" + sha256)).orElseThrow();
            assertThat(upload.version()).as("one claim, one result").isEqualTo(2);
            assertThat(images(batch))
                    .containsExactly(upload.as(JsonNode.class).path("url").asText());
        }
    }

    @Test
    void aRefusedKeyStopsTheBatchAtTheUpload() throws IOException {
        try (LocalBatch batch = new LocalBatch(home, "b1", settings -> settings.withKey("another-key"))) {
            batch.put(KEY, png());

            JsonNode manifest = batch.run(config(2), Map.of("hero.png", KEY));

            assertThat(manifest.path("failures").toString()).isEqualTo("{\"account_refused\":2}");
            assertThat(manifest.path("halted").asText()).contains("ATLASCLOUD_API_KEY");
            assertThat(batch.simulator.ledger().submits()).isEmpty();
            assertThat(batch.jobs.job(new JobKey("b1", 0)).orElseThrow().attempts())
                    .isEmpty();
        }
    }

    @Test
    void anObjectOfTheBucketNeedsNoStaging() throws IOException {
        try (LocalBatch batch = new LocalBatch(home, "b1", settings -> settings)) {
            batch.put("brand/hero.png", png());

            JsonNode manifest = batch.run(config(2).replace("hero.png", "s3://local/brand/hero.png"), Map.of());

            assertThat(manifest.path("successful").asInt()).isEqualTo(2);
            assertThat(images(batch)).hasSize(1);
        }
    }

    private static Set<String> images(LocalBatch batch) throws IOException {
        Set<String> images = new TreeSet<>();
        for (var entry : batch.simulator.ledger().entries()) {
            images.add(Json.mapper()
                    .readTree(entry.prediction().body())
                    .path("image")
                    .asText());
        }
        return images;
    }

    private static String config(int jobs) {
        StringBuilder yaml = new StringBuilder("max_workers: 8\njobs:\n");
        for (int i = 0; i < jobs; i++) {
            yaml.append("- {name: job ")
                    .append(i)
                    .append(", type: video, model: bytedance/seedance-v1.5-pro/image-to-video, prompt: p")
                    .append(i)
                    .append(", image: \"hero.png\"}\n");
        }
        return yaml.toString();
    }

    static byte[] png() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }
}
