package io.reelbatch.domain.job;

import java.util.Optional;

/**
 * Where to send word of finished jobs and batches.
 *
 * @param webhook HTTPS address
 * @param jobs whether to send word of every job
 * @param batch whether to send word of the batch
 * @param secret name of the signing secret, never the secret itself
 */
public record NotifySettings(String webhook, boolean jobs, boolean batch, Optional<String> secret) {
    /** What the name of a secret in the environment starts with. */
    public static final String ENVIRONMENT = "env:";
}
