package io.reelbatch.domain.provider;

import java.math.BigDecimal;

/**
 * What the account has left.
 *
 * @param available may be negative on accounts that may overdraw
 * @param currency lower-case code, such as {@code usd}
 */
public record Balance(BigDecimal available, String currency) {}
