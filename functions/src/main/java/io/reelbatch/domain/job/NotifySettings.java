package io.reelbatch.domain.job;

import java.util.Optional;

/**
 * Where to send notices about finished jobs and batches.
 *
 * @param webhook HTTPS address
 * @param jobs whether to send a notice for every job
 * @param batch whether to send a notice for the batch
 * @param secret name of the signing secret, never the secret itself
 */
public record NotifySettings(String webhook, boolean jobs, boolean batch, Optional<String> secret) {
    /** Prefix for the name of a secret that is an environment variable. */
    public static final String ENVIRONMENT = "env:";
}
