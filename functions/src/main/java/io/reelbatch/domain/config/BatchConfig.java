package io.reelbatch.domain.config;

import io.reelbatch.domain.catalog.Price;
import io.reelbatch.domain.job.BatchSettings;
import io.reelbatch.domain.job.BatchSettings.OnUnknownSubmit;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.NotifySettings;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checked batch configuration.
 *
 * @param file name of the file it was read from
 * @param outputDir the user's name for the output folder
 * @param maxWorkers jobs under way at once
 * @param jobs at least one, in the file's order
 * @param budget USD that may be committed at most
 * @param onUnknownSubmit what to do after a lost answer
 * @param api which shape of the provider's API the server speaks
 * @param prices by model id, before the catalog's
 * @param reuse whether an identical earlier output is copied instead of paid for
 * @param maxDownload bytes of the longest output that is taken
 * @param notification where to send notices
 */
public record BatchConfig(
        String file,
        String outputDir,
        int maxWorkers,
        List<JobConfig> jobs,
        Optional<BigDecimal> budget,
        OnUnknownSubmit onUnknownSubmit,
        ProviderApi api,
        Map<String, Price> prices,
        boolean reuse,
        Optional<Long> maxDownload,
        Optional<NotifySettings> notification) {
    public BatchConfig {
        jobs = List.copyOf(jobs);
        prices = Map.copyOf(prices);
    }

    /** What the steps of the batch need to know of it. */
    public BatchSettings settings() {
        return new BatchSettings(outputDir, maxWorkers, budget, onUnknownSubmit, api, reuse, maxDownload, notification);
    }

    /** Something wrong with one job, where its file has it. */
    public ConfigProblem problem(JobConfig job, String field, String message) {
        int below = field.indexOf('.');
        String stands = below < 0 ? field : field.substring(0, below);
        return new ConfigProblem(
                job.lines().table(stands).orElse(file),
                job.lines().of(stands),
                Optional.of(job.name()),
                Optional.of(field),
                message);
    }
}
