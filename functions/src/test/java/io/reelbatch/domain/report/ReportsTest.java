package io.reelbatch.domain.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportsTest {
    @ParameterizedTest
    @ValueSource(strings = {"=HYPERLINK(\"http://a\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"})
    void noTextIsAFormulaToASpreadsheet(String text) {
        assertThat(cell(text)).isEqualTo("'" + text);
    }

    @Test
    void everyOtherCellIsWhatItWas() {
        assertThat(cell("Hero = Shot")).isEqualTo("Hero = Shot");
        assertThat(cell("")).isEqualTo("");
        assertThat(cell(new BigDecimal("-0.04"))).isEqualTo(new BigDecimal("-0.04"));
    }

    private static Object cell(Object value) {
        return Reports.cells(new HashMap<>(Map.of("name", value)))
                .values()
                .iterator()
                .next();
    }
}
