package io.reelbatch.handlers;

import java.math.BigDecimal;
import java.util.Optional;

/** A request to start a batch, from any source: upload, schedule, queue or API. */
final class Order {
    private final String batchId;
    private final String fileName;
    private final byte[] config;
    private final Optional<String> outputDir;
    private final Optional<BigDecimal> budget;

    /**
     * An order whose bytes nobody changes any more.
     *
     * @param batchId the same for the same request, however often it comes
     * @param fileName what to call the config in messages
     * @param config YAML or JSON
     * @param outputDir instead of the config's
     * @param budget instead of the config's, USD
     */
    Order(String batchId, String fileName, byte[] config, Optional<String> outputDir, Optional<BigDecimal> budget) {
        this.batchId = batchId;
        this.fileName = fileName;
        this.config = config;
        this.outputDir = outputDir;
        this.budget = budget;
    }

    /** Without anything that replaces what the config says. */
    static Order of(String batchId, String fileName, byte[] config) {
        return new Order(batchId, fileName, config, Optional.empty(), Optional.empty());
    }

    String batchId() {
        return batchId;
    }

    String fileName() {
        return fileName;
    }

    byte[] config() {
        return config;
    }

    Optional<String> outputDir() {
        return outputDir;
    }

    Optional<BigDecimal> budget() {
        return budget;
    }
}
