package io.reelbatch.domain.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What the config says of the batch as a whole and its steps need.
 *
 * @param outputDir the user's name for the output folder
 * @param maxWorkers jobs under way at once
 * @param budget USD that may be committed at most
 * @param onUnknownSubmit what to do after a lost answer
 * @param api which shape of the provider's API the server speaks
 * @param reuse whether an identical earlier output is copied instead of paid for; false in older records
 * @param maxDownload bytes of the longest output that is taken, if the config limits it
 * @param notification where to send notices; empty in older records
 */
public record BatchSettings(
        String outputDir,
        int maxWorkers,
        Optional<BigDecimal> budget,
        OnUnknownSubmit onUnknownSubmit,
        ProviderApi api,
        boolean reuse,
        Optional<Long> maxDownload,
        Optional<NotifySettings> notification) {

    /** Without notifications. */
    public BatchSettings(
            String outputDir,
            int maxWorkers,
            Optional<BigDecimal> budget,
            OnUnknownSubmit onUnknownSubmit,
            ProviderApi api,
            boolean reuse,
            Optional<Long> maxDownload) {
        this(outputDir, maxWorkers, budget, onUnknownSubmit, api, reuse, maxDownload, Optional.empty());
    }

    /** The same, with another name for the output folder if one is given. */
    public BatchSettings withOutputDir(Optional<String> other) {
        return new BatchSettings(
                other.orElse(outputDir), maxWorkers, budget, onUnknownSubmit, api, reuse, maxDownload, notification);
    }

    /** The same, with another budget if one is given, USD. */
    public BatchSettings withBudget(Optional<BigDecimal> other) {
        return new BatchSettings(
                outputDir, maxWorkers, other.or(() -> budget), onUnknownSubmit, api, reuse, maxDownload, notification);
    }

    /** The same, with another longest output if one is given, bytes. */
    public BatchSettings withMaxDownload(Optional<Long> other) {
        return new BatchSettings(
                outputDir, maxWorkers, budget, onUnknownSubmit, api, reuse, other.or(() -> maxDownload), notification);
    }

    /** What happens to a job whose submit was sent and whose answer was lost. */
    public enum OnUnknownSubmit {
        /** Sent again once, and named in the manifest. */
        @JsonProperty("resubmit")
        RESUBMIT,
        /** Ends as failed, its price at risk. */
        @JsonProperty("fail")
        FAIL
    }

    /** Shapes of the provider's API. */
    public enum ProviderApi {
        /** The provider's own. */
        @JsonProperty("atlas")
        ATLAS,
        /** {@code request_id} and {@code /prediction/{id}/get}, as a well-known tutorial has it. */
        @JsonProperty("tutorial")
        TUTORIAL
    }
}
