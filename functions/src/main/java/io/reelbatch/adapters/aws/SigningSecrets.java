package io.reelbatch.adapters.aws;

import io.reelbatch.domain.notify.SigningSecret;
import io.reelbatch.errors.StoreException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The secrets in Secrets Manager that sign notifications, each as its whole text. */
public final class SigningSecrets {
    private final SecretsManagerClient client;

    public SigningSecrets(SecretsManagerClient client) {
        this.client = client;
    }

    /**
     * Reads a secret, anew each time.
     *
     * @throws StoreException if it cannot be read or is none; the message does not quote it
     */
    public SigningSecret get(String name) {
        try {
            String text =
                    client.getSecretValue(request -> request.secretId(name)).secretString();
            return SigningSecret.of(text == null ? "" : text);
        } catch (SdkException e) {
            throw new StoreException("cannot read the signing secret " + name + ": " + Advice.on(e), e);
        } catch (IllegalArgumentException e) {
            throw new StoreException("secret " + name + " is no signing secret: " + e.getMessage());
        }
    }
}
