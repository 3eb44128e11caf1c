package io.reelbatch.domain.provider;

import java.math.BigDecimal;
import java.net.URI;
import java.util.Optional;

/**
 * A model as the provider lists it.
 *
 * @param type the provider's word, such as {@code Image}
 * @param basePrice USD, the least that a generation costs; parameters can raise it
 * @param schema where the model's parameters are described
 */
public record ProviderModel(
        String id, String type, String displayName, Optional<BigDecimal> basePrice, Optional<URI> schema) {}
