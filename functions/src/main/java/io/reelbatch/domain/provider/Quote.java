package io.reelbatch.domain.provider;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What the provider would charge for one request.
 *
 * @param price USD, discount applied
 * @param originPrice USD before the discount, if it says so
 * @param discount in percent of the original price, if it says so: 100 means none
 */
public record Quote(BigDecimal price, Optional<BigDecimal> originPrice, Optional<BigDecimal> discount) {}
