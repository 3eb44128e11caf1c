package io.reelbatch.adapters.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.provider.KeySource;
import io.reelbatch.errors.StoreException;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The API key in Secrets Manager: the secret's whole text, or its field {@value #FIELD} where the text is a JSON
 * object. It is read on first use, so that no snapshot holds it, and again when the provider refuses it.
 */
public final class SecretKey implements KeySource {
    /** The field of a secret that is a JSON object. */
    public static final String FIELD = "ATLASCLOUD_API_KEY";

    /** Names the account of whoever shares a stack's table. */
    public static final String STACK = "the account of this stack";

    private final SecretsManagerClient client;
    private final String secret;
    private volatile Optional<ApiKey> known = Optional.empty();

    /**
     * Reads nothing yet.
     *
     * @param secret ARN or name
     */
    public SecretKey(SecretsManagerClient client, String secret) {
        this.client = client;
        this.secret = secret;
    }

    /** @throws StoreException if the secret cannot be read or holds no key */
    @Override
    public ApiKey get() {
        return known.orElseGet(this::read);
    }

    @Override
    public Optional<ApiKey> insteadOf(ApiKey refused) {
        ApiKey latest = read();
        return latest.reveal().equals(refused.reveal()) ? Optional.empty() : Optional.of(latest);
    }

    /** One table, one account: what was paid for stays known when its key is replaced. */
    @Override
    public String account() {
        return STACK;
    }

    private ApiKey read() {
        try {
            ApiKey key = parse(
                    client.getSecretValue(request -> request.secretId(secret)).secretString());
            known = Optional.of(key);
            return key;
        } catch (SdkException e) {
            throw new StoreException("cannot read the API key from secret " + secret + ": " + Advice.on(e), e);
        } catch (IllegalArgumentException e) {
            throw new StoreException("secret " + secret + " holds no API key (" + e.getMessage()
                    + "): put the key itself there, or {\"" + FIELD + "\": \"...\"}");
        }
    }

    /** No message quotes the text. */
    private static ApiKey parse(String text) {
        if (!String.valueOf(text).stripLeading().startsWith("{")) {
            return ApiKey.of(text == null ? "" : text);
        }
        try {
            JsonNode field = Json.mapper().readTree(text).path(FIELD);
            if (!field.isTextual()) {
                throw new IllegalArgumentException("its JSON has no text field " + FIELD);
            }
            return ApiKey.of(field.textValue());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it starts like JSON and is none");
        }
    }
}
