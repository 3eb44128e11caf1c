package io.reelbatch.cli.simulator;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * What a model costs.
 *
 * @param usd USD for one unit
 * @param perSecond whether a unit is a second of output, instead of one output
 */
public record Price(BigDecimal usd, boolean perSecond) {
    /** USD for each output. */
    public static Price each(String usd) {
        return new Price(new BigDecimal(usd), false);
    }

    /** USD for each second of output. */
    public static Price second(String usd) {
        return new Price(new BigDecimal(usd), true);
    }

    /** USD for one output of this length. */
    BigDecimal of(Duration length) {
        return perSecond
                ? usd.multiply(BigDecimal.valueOf(length.toMillis(), 3)).stripTrailingZeros()
                : usd;
    }
}
