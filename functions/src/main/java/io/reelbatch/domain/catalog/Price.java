package io.reelbatch.domain.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.plan.JobType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What one output costs, and who says so.
 *
 * @param usd amount in USD, exact
 * @param unit what the amount is for
 * @param source where the figure comes from, for people
 * @param date when the source was valid
 * @param guessed whether nobody lists a price for the model
 */
public record Price(BigDecimal usd, Unit unit, String source, Optional<LocalDate> date, boolean guessed) {
    private static final int CENTS = 2;

    /** What an amount is for. */
    public enum Unit {
        /** One image. */
        IMAGE("per_image", "an image"),
        /** One second of video, as asked for. */
        SECOND("per_second", "a second"),
        /** One output, whatever its length. */
        ITEM("per_item", "an item");

        private final String field;
        private final String words;

        Unit(String field, String words) {
            this.field = field;
            this.words = words;
        }

        /** The field in a catalog or config, such as {@code per_second}. */
        public String field() {
            return field;
        }

        /** For people: {@code an image}, {@code a second}, {@code an item}. */
        public String words() {
            return words;
        }

        /** Whether it makes sense for such a job: images have no seconds, and videos are not images. */
        public boolean fits(JobType type) {
            return this == ITEM || (this == IMAGE) == (type == JobType.IMAGE);
        }
    }

    /**
     * Reads {@code {"per_second": 0.022, "source": "...", "date": "2026-02-28"}}, which was checked before.
     *
     * @param source what to name as the source where the data does not
     */
    public static Price from(JsonNode data, String source) {
        for (Unit unit : Unit.values()) {
            if (data.path(unit.field()).isNumber()) {
                return new Price(
                        data.path(unit.field()).decimalValue(),
                        unit,
                        data.path("source").asText(source),
                        Optional.ofNullable(data.path("date").textValue()).map(LocalDate::parse),
                        false);
            }
        }
        throw new IllegalArgumentException("a price needs one of per_image, per_second and per_item: " + data);
    }

    /** The same figure, marked as a guess. */
    Price asGuess() {
        return new Price(usd, unit, source, date, true);
    }

    /**
     * USD for one output.
     *
     * @param seconds length of the video as asked for; not used for the other units
     */
    public BigDecimal of(int seconds) {
        return tidy(unit == Unit.SECOND ? usd.multiply(BigDecimal.valueOf(seconds)) : usd);
    }

    /** The same amount, exact, with cents and no more zeros after them: 0.110 becomes 0.11, 20 becomes 20.00. */
    public static BigDecimal tidy(BigDecimal usd) {
        BigDecimal stripped = usd.stripTrailingZeros();
        return stripped.scale() < CENTS ? stripped.setScale(CENTS) : stripped;
    }
}
