package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.cli.local.FileObjectStore;
import io.reelbatch.domain.planning.InputFinder.Found;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
    @TempDir
    Path folder;

    @Test
    void aFileNextToTheConfigIsStagedOnceHoweverItIsWritten() throws IOException {
        Path image = image("in/hero.png");
        InputFiles files = new InputFiles(folder);
        for (String reference : new String[] {"in/hero.png", "./in/../in/hero.png", image.toString()}) {
            assertThat(files.find(reference)).isInstanceOf(Found.File.class);
        }

        try (FileObjectStore objects = new FileObjectStore(folder.resolve("out"), "b1")) {
            Map<String, String> keys = files.stage(objects, "b1");

            assertThat(keys).containsOnlyKeys("in/hero.png", "./in/../in/hero.png", image.toString());
            assertThat(keys.values()).allMatch(key -> key.matches("batches/b1/\\.reelbatch/inputs/[0-9a-f]{64}\\.png"));
            assertThat(Map.copyOf(keys).values().stream().distinct()).hasSize(1);
            try (InputStream in = objects.read(keys.getOrDefault("in/hero.png", "none"))) {
                assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(image));
            }
        }
    }

    @Test
    void whatIsNoImageIsSaidBeforeAnythingIsPaid() throws IOException {
        Files.writeString(folder.resolve("notes.png"), "not an image");
        Path config = Files.writeString(folder.resolve("a.yaml"), """
                jobs:
                - name: A
                  type: video
                  model: bytedance/seedance-v1.5-pro/image-to-video
                  prompt: p
                  image: notes.png
                """);

        for (String command : new String[] {"validate", "estimate", "run"}) {
            assertThat(ReelbatchCommand.execute(command, config.toString())).isEqualTo(ExitStatus.USAGE);
        }
        assertThat(new InputFiles(folder).find("notes.png"))
                .isInstanceOfSatisfying(
                        Found.Unusable.class,
                        found -> assertThat(found.why())
                                .contains(
                                        "text/plain",
                                        folder.resolve("notes.png").toString()));
        assertThat(new InputFiles(folder).find("missing.png")).isInstanceOf(Found.Unusable.class);
        assertThat(new InputFiles(folder).find(".")).isInstanceOf(Found.Unusable.class);
        assertThat(new InputFiles(folder).find("s3://bucket/a.png")).isInstanceOf(Found.Unusable.class);
    }

    private Path image(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        return file;
    }
}
