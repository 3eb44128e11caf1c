package io.reelbatch.handlers;

import io.reelbatch.adapters.provider.InputCheck;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.StoredOutput;
import io.reelbatch.domain.plan.InputImage;
import io.reelbatch.domain.plan.PlannedJob;
import io.reelbatch.domain.plan.SourceImage;
import io.reelbatch.domain.planning.InputFinder.Found;
import io.reelbatch.domain.store.BatchFolder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Finds the images that a job takes from other jobs of its batch, once those have stored them. */
final class Sources {
    /** The provider keeps outputs for two weeks unless told otherwise, and fetches an input when it starts to generate. */
    private static final Duration FRESH = Duration.ofHours(12);

    private final Parts parts;

    Sources(Parts parts) {
        this.parts = parts;
    }

    /** Whether the images that one job needs are ready. */
    sealed interface Outcome {
        /**
         * All are stored.
         *
         * @param plan the job with them as inputs of its own
         * @param urls by sha256, where the provider itself still has them
         */
        record Ready(PlannedJob plan, Map<String, String> urls) implements Outcome {}

        /** At least one is not finished yet. */
        record NotYet() implements Outcome {}

        /** At least one has failed. */
        record Failed(String message) implements Outcome {}
    }

    /** Looks at every job that this one takes an image from. */
    Outcome of(String batchId, PlannedJob plan, ProviderClient client) {
        Map<Integer, StoredOutput> images = new HashMap<>();
        Map<String, String> urls = new HashMap<>();
        for (SourceImage image : plan.sources()) {
            JobRecord source = parts.jobs().read(new JobKey(batchId, image.job()));
            if (source.state() == JobState.FAILED) {
                return new Outcome.Failed(failed(source));
            }
            if (source.state() != JobState.STORED) {
                return new Outcome.NotYet();
            }
            StoredOutput output = source.outputs().get(0);
            if (!output.contentType().startsWith("image/")) {
                return new Outcome.Failed("The job that it takes its image from, \""
                        + source.plan().name() + "\", made " + output.contentType() + ". Nothing was charged.");
            }
            images.put(image.job(), output);
            url(source, client).ifPresent(url -> urls.put(output.sha256(), url));
        }
        return new Outcome.Ready(with(batchId, plan, images), urls);
    }

    /** A job whose sources are all stored, with their images as inputs of its own. */
    PlannedJob resolved(String batchId, PlannedJob plan) {
        Map<Integer, StoredOutput> images = new HashMap<>();
        for (SourceImage image : plan.sources()) {
            images.put(
                    image.job(),
                    parts.jobs()
                            .read(new JobKey(batchId, image.job()))
                            .outputs()
                            .get(0));
        }
        return with(batchId, plan, images);
    }

    private static PlannedJob with(String batchId, PlannedJob plan, Map<Integer, StoredOutput> images) {
        BatchFolder folder = new BatchFolder(batchId);
        return plan.withSources(source -> {
            StoredOutput output = Objects.requireNonNull(images.get(source.job()));
            return new InputImage(
                    source.param(),
                    folder.visible(output.path()),
                    output.sha256(),
                    output.contentType(),
                    output.bytes());
        });
    }

    private Optional<String> url(JobRecord source, ProviderClient client) {
        Instant now = parts.clock().instant();
        boolean fresh =
                source.generatedAt().map(at -> now.isBefore(at.plus(FRESH))).orElse(false);
        return source.outputUrls().stream()
                .limit(fresh ? 1 : 0)
                .filter(url -> client.serves(url) || InputCheck.address(url).orElse(null) instanceof Found.Address)
                .findFirst();
    }

    private static String failed(JobRecord source) {
        String why = source.failure()
                .map(failure -> " (" + failure.reason().word() + ": " + failure.message() + ")")
                .orElse("");
        return "The job that it takes its image from, \"" + source.plan().name() + "\", failed" + why
                + ". Nothing was charged for this one; `retry` runs both again.";
    }
}
