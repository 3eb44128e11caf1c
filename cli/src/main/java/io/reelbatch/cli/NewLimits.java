package io.reelbatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.config.ByteSize;
import java.math.BigDecimal;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code resume} and {@code retry} may change about a batch. */
final class NewLimits {
    @Option(
            names = "--budget",
            paramLabel = "USD",
            description = "instead of the batch's budget; what it has spent so far counts")
    private Optional<BigDecimal> budget = Optional.empty();

    @Option(
            names = "--max-download",
            paramLabel = "SIZE",
            description = "instead of the batch's max_download: bytes, or such as 500MB or 4GB")
    private Optional<String> maxDownload = Optional.empty();

    /** Puts them into what the execution is started with. */
    void addTo(ObjectNode input) {
        budget.ifPresent(usd -> {
            if (usd.signum() <= 0) {
                throw new UsageException("--budget is " + usd + ": it must be above 0.");
            }
            input.put("budget", usd);
        });
        maxDownload.ifPresent(size -> input.put(
                "maxDownload",
                ByteSize.parse(size)
                        .orElseThrow(() -> new UsageException("--max-download is " + size
                                + ": it must be a number of bytes, or such as 500MB or 4GB."))));
    }
}
