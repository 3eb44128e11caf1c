package io.reelbatch.domain.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.config.ConfigProblem;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.domain.config.Tables;
import io.reelbatch.domain.plan.PlannedJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The configs that come with the project. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    /** The first three totals are published ones; the others are sums of published prices. */
    @ParameterizedTest
    @CsvSource({
        "weekly.yaml, 15, 0.95",
        "product-catalogue.yaml, 500, 20.00",
        "product-catalogue-csv.yaml, 500, 20.00",
        "ad-series.yaml, 10, 1.50",
        "hero-images.yaml, 6, 0.36",
        "social-pack.yaml, 7, 1.97",
        "newsletter.json, 3, 0.19"
    })
    void costWhatThePublishedTableSays(String example, int jobs, BigDecimal total) {
        Plan plan = plan(example);

        assertThat(plan.estimate().total()).isEqualTo(total);
        assertThat(plan.jobs()).hasSize(jobs);
        assertThat(plan.jobs()).noneMatch(PlannedJob::priceGuessed);
    }

    /** Nobody lists a price for clips that are made from an image. */
    @Test
    void aChainIsPricedAsAWhole() {
        Plan plan = plan("chain.yaml");

        assertThat(plan.jobs()).hasSize(9);
        assertThat(plan.estimate().total()).isEqualTo(new BigDecimal("0.42"));
        assertThat(plan.startOrder()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void theCatalogueFromATableIsTheOneThatIsWrittenOut() {
        assertThat(plan("product-catalogue-csv.yaml").jobs())
                .extracting(PlannedJob::id, PlannedJob::basePath, PlannedJob::prompt)
                .containsExactlyElementsOf(plan("product-catalogue.yaml").jobs().stream()
                        .map(job -> tuple(job.id(), job.basePath(), job.prompt()))
                        .toList());
    }

    @Test
    void everyExampleButTheBadOneCanRun() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(".*\\.(yaml|json)") && !name.equals("bad.yaml"))
                    .toList();

            assertThat(names)
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(plan(name).jobs()).isNotEmpty());
        }
    }

    @Test
    void aWeekOfContentStartsItsClipsFirstAndAdaptsNothing() {
        Plan plan = plan("weekly.yaml");

        assertThat(plan.startOrder()).startsWith(10, 11, 12, 13, 14, 0, 1);
        assertThat(plan.warnings()).isEmpty();
        assertThat(plan.jobs())
                .extracting(PlannedJob::basePath)
                .contains("images/monday_espresso", "videos/city_morning");
    }

    @Test
    void heroImagesSayThatTheModelChoosesThePixels() {
        assertThat(plan("hero-images.yaml").warnings())
                .contains("google/imagen4-ultra/text-to-image: size 2048x2048 is sent as aspect ratio 1:1; the model"
                        + " chooses the pixels (4 jobs)");
    }

    @Test
    void theBadExampleShowsManyProblemsAtOnce() {
        InvalidConfigException refused = catchThrowableOfType(InvalidConfigException.class, () -> plan("bad.yaml"));

        assertThat(refused.problems())
                .extracting(ConfigProblem::toString)
                .containsExactly(
                        "bad.yaml:4: max_worker: is not a field here; did you mean `max_workers`?",
                        "bad.yaml:5: budget: must be an amount in USD over 0, such as 5.00 (is \"$20\")",
                        "bad.yaml:11: job \"Hero Shot\": promt: is not a field here; did you mean `prompt`?",
                        "bad.yaml:16: job \"Unboxing Clip\": type: must be `image` or `video` (is \"vidoe\"); did you mean"
                                + " `video`?",
                        "bad.yaml:19: job \"Unboxing Clip\": duration: must be a whole number of seconds, at least 1 (is"
                                + " -5)",
                        "bad.yaml:24: job \"Street Run\": prompt: must be text that is not empty (is empty)",
                        "bad.yaml:26: job \"Street Run\": timeout: must be a time from 1s to 24h: seconds, or text such as"
                                + " 90s, 10m or 1h30m (is \"ten minutes\")",
                        "bad.yaml:28: job \"Street Run\": model: is missing",
                        "bad.yaml:31: job \"Street Run\": id: \"run-1\" is taken by job #3 (line 25); give each job its"
                                + " own id",
                        "bad.yaml:32: job \"Street Run\": seed: is not a field of a job; the model's own parameters go"
                                + " under `params`");
    }

    private static Plan plan(String example) {
        try {
            byte[] content = Files.readAllBytes(EXAMPLES.resolve(example));
            return Planner.plan(new ConfigReader(), example, content, Catalog.shipped(), new ExampleInputs());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks at no image, and reads tables beside the examples. */
    private static final class ExampleInputs implements InputFinder {
        @Override
        public Found find(String reference) {
            return AS_WRITTEN.find(reference);
        }

        @Override
        public Tables.Found table(String reference) {
            try {
                return new Tables.Found.Table(reference, Files.readAllBytes(EXAMPLES.resolve(reference)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
