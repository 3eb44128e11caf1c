package io.reelbatch.engine.jsonata;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as the language has them: doubles, with integers kept exact as long as nothing is computed with them. */
final class Numbers {
    private static final double SAFE_INTEGER = 9_007_199_254_740_992d;

    private Numbers() {}

    /** A computed number: an integer if it is one that a double holds exactly. */
    static Number of(double value) {
        if (Math.rint(value) == value && Math.abs(value) <= SAFE_INTEGER) {
            return (long) value;
        }
        return value;
    }

    /** The number as JavaScript writes it. */
    static String text(Number number) {
        if (number instanceof Long || number instanceof Integer) {
            return number.toString();
        }
        double value = number.doubleValue();
        if (value == 0) {
            return "0";
        }
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        return exponent >= 21 || exponent < -6 ? scientific(shortest, exponent) : shortest.toPlainString();
    }

    private static String scientific(BigDecimal value, int exponent) {
        String digits = value.unscaledValue().abs().toString();
        StringBuilder text = new StringBuilder(value.signum() < 0 ? "-" : "");
        text.append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        return text.append('e')
                .append(exponent < 0 ? '-' : '+')
                .append(Math.abs(exponent))
                .toString();
    }

    /** The number to 15 significant digits, as strings show it. */
    static Number rounded(Number number) {
        double value = number.doubleValue();
        if (Math.rint(value) == value && Math.abs(value) < 1e15) {
            return of(value);
        }
        return of(new BigDecimal(value)
                .round(new MathContext(15, RoundingMode.HALF_UP))
                .doubleValue());
    }

    static boolean isInteger(Number number) {
        double value = number.doubleValue();
        return !Double.isInfinite(value) && Math.rint(value) == value;
    }

    /** Rounds half to even at {@code precision} decimal places. */
    static Number round(Number number, int precision) {
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return number;
        }
        return of(new BigDecimal(Double.toString(value))
                .setScale(precision, RoundingMode.HALF_EVEN)
                .doubleValue());
    }
}
