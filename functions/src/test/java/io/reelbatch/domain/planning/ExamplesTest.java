package io.reelbatch.domain.planning;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.plan.PlannedJob;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The configs that come with the project. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    @Test
    void aWeekOfContentCostsWhatThePublishedTableSays() throws IOException {
        Plan plan = plan("weekly.yaml");

        assertThat(plan.estimate().total()).isEqualTo(new BigDecimal("0.95"));
        assertThat(plan.jobs()).hasSize(15);
        assertThat(plan.jobs())
                .extracting(PlannedJob::basePath)
                .contains("images/monday_espresso", "videos/city_morning");
        assertThat(plan.startOrder()).startsWith(10, 11, 12, 13, 14, 0, 1);
        assertThat(plan.warnings()).isEmpty();
        assertThat(plan.jobs().get(0).request().path("size").asText()).isEqualTo("1024*1024");
    }

    private static Plan plan(String example) throws IOException {
        byte[] content = Files.readAllBytes(EXAMPLES.resolve(example));
        return Planner.plan(new ConfigReader().read(example, content), Catalog.shipped());
    }
}
