package io.reelbatch.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** USD for people: at least two decimals, more only where there is something in them. */
final class Money {
    private Money() {}

    static String usd(BigDecimal amount) {
        BigDecimal exact = amount.stripTrailingZeros();
        return "$"
                + exact.setScale(Math.max(2, Math.min(6, exact.scale())), RoundingMode.HALF_UP)
                        .toPlainString();
    }
}
