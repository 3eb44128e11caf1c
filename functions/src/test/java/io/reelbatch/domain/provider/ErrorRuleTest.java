package io.reelbatch.domain.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.provider.ErrorRule.Accepted;
import io.reelbatch.domain.provider.ErrorRule.Resend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the table of errors may and may not claim. */
class ErrorRuleTest {

    @Test
    void whatIsNotTheProvidersOwnWordIsNeverSentAgainAsIfItWere() {
        for (int status = 200; status < 600; status++) {
            ErrorRule rule = ErrorRule.ofSubmit(status, false);

            boolean open = isOpen(status) || status == 500 || status == 503;
            boolean sentAgainUnasked = rule.resend() == Resend.TWICE || rule.resend() == Resend.WHEN_PACED;
            assertThat(sentAgainUnasked).as("%s", status).isEqualTo(status == 429);
            assertThat(rule.accepted() == Accepted.UNKNOWN).as("%s", status).isEqualTo(open);
        }
    }

    @Test
    void theProvidersOwnWordCountsExceptWhereItOnlyPassesOnAnothers() {
        for (int status = 200; status < 600; status++) {
            ErrorRule rule = ErrorRule.ofSubmit(status, true);

            boolean serverError = status == 500 || status == 503;
            assertThat(rule.accepted() == Accepted.UNKNOWN).as("%s", status).isEqualTo(isOpen(status));
            assertThat(rule.resend() == Resend.TWICE).as("%s", status).isEqualTo(serverError);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatWasNotAcceptedIsSentAgainWithoutAsking(ErrorRule rule) {
        if (rule.resend() == Resend.TWICE || rule.resend() == Resend.WHEN_PACED) {
            assertThat(rule.accepted()).isEqualTo(Accepted.NO);
        }
        assertThat(rule.resend() == Resend.AS_CONFIGURED).isEqualTo(rule.accepted() == Accepted.UNKNOWN);
        rule.kind().ifPresent(kind -> assertThat(kind.retryable()).isEqualTo(rule.resend() == Resend.TWICE));
    }

    @Test
    void onlyTheKeyAndTheBalanceStopABatch() {
        assertThat(ProviderError.Kind.values())
                .filteredOn(ProviderError.Kind::stopsBatch)
                .containsExactly(ProviderError.Kind.UNAUTHORIZED, ProviderError.Kind.OUT_OF_BALANCE);
    }

    /** Statuses that leave open whether the request was taken on, whoever says them. */
    private static boolean isOpen(int status) {
        boolean redirectOfTheRequestItself = status == 301 || status == 307 || status == 308;
        return (status < 400 && !redirectOfTheRequestItself)
                || status == 408
                || status == 499
                || (status > 500 && status != 503);
    }
}
