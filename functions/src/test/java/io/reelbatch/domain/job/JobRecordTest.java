package io.reelbatch.domain.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.store.SampleRecords;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A job's life, and what each step of it says about money. */
class JobRecordTest {
    private static final Instant T0 = Instant.parse("2026-11-01T12:00:00Z");
    private static final Instant T1 = T0.plusSeconds(10);
    private static final Instant T2 = T0.plusSeconds(20);
    private static final Instant LEASE = T0.plusSeconds(120);
    private static final BigDecimal PRICE = new BigDecimal("0.04");
    private static final List<String> URLS = List.of("https://files.example/1.png");
    private static final List<StoredOutput> FILES =
            List.of(new StoredOutput("images/job_0.png", 3, "00ff", "image/png"));

    private final JobRecord planned = SampleRecords.job("b1", 0);

    private static JobRecord sent(JobRecord job) {
        return job.sending(PRICE, T0, LEASE);
    }

    private static JobRecord accepted(JobRecord job, int number, String id) {
        return job.accepted(number, Optional.of(id), Optional.empty(), T1);
    }

    private static JobRecord generated(JobRecord job, int number) {
        return job.generated(number, URLS, Optional.empty(), T2);
    }

    private JobRecord submitted() {
        return accepted(sent(planned), 1, "p1");
    }

    /** Sent, answer lost, and sent again: attempt 2 is on its way. */
    private JobRecord resent() {
        return sent(sent(planned).lost(1, "cut", T1));
    }

    private static AttemptState state(JobRecord job, int number) {
        return job.attempt(number).orElseThrow().state();
    }

    @Nested
    class FromPlannedToStored {
        @Test
        void aPlannedJobHasNothingInItsLedger() {
            assertThat(planned.state()).isEqualTo(JobState.PLANNED);
            assertThat(planned.attempts()).isEmpty();
            assertThat(planned.current()).isEmpty();
            assertThat(planned.committed()).isEqualByComparingTo("0");
            assertThat(planned.latestMoment()).isEmpty();
        }

        @Test
        void sendingReservesThePriceBeforeTheRequestLeaves() {
            JobRecord job = sent(planned);

            assertThat(job.state()).isEqualTo(JobState.SUBMITTING);
            assertThat(job.lastAttempt()).isEqualTo(Attempt.sending(1, PRICE, Optional.empty(), T0, LEASE));
            assertThat(job.lastAttempt().reserved()).isEqualByComparingTo(PRICE);
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
            assertThat(job.startedAt()).contains(T0);
        }

        @Test
        void theQueueTimeCountsFromTheFirstStart() {
            JobRecord job = planned.started(T0).started(T1).sending(PRICE, T2, LEASE);

            assertThat(job.startedAt()).contains(T0);
            assertThat(job.latestMoment()).contains(T2);
        }

        @Test
        void anAcceptedSubmitIsAwaitedForTheJobsTimeout() {
            URI pollUrl = URI.create("https://api.example/p1");
            JobRecord job = sent(planned).accepted(1, Optional.of("p1"), Optional.of(pollUrl), T1);

            assertThat(job.state()).isEqualTo(JobState.SUBMITTED);
            assertThat(job.waitUntil()).contains(T1.plus(Duration.ofMinutes(5))); // the sample job's timeout
            assertThat(job.current().flatMap(Attempt::predictionId)).contains("p1");
            assertThat(job.current().flatMap(Attempt::pollUrl)).contains(pollUrl);
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
        }

        @Test
        void aGenerationIsChargedAsReserved() {
            JobRecord job = generated(submitted(), 1);

            assertThat(job.state()).isEqualTo(JobState.GENERATED);
            assertThat(job.outputUrls()).isEqualTo(URLS);
            assertThat(job.generatedAt()).contains(T2);
            assertThat(job.lastAttempt().charged()).isEqualByComparingTo(PRICE);
            assertThat(job.lastAttempt().reserved()).isZero();
        }

        @Test
        void aGenerationIsChargedAsTheProviderSettledItIfItSays() {
            JobRecord job = submitted().generated(1, URLS, Optional.of(new BigDecimal("0.031")), T2);

            assertThat(job.committed()).isEqualByComparingTo("0.031");
        }

        @Test
        void freshUrlsDoNotMoveTheMomentOfTheGeneration() {
            List<String> fresh = List.of("https://files.example/2.png");
            JobRecord job = generated(submitted(), 1).generated(1, fresh, Optional.empty(), T2.plusSeconds(60));

            assertThat(job.outputUrls()).isEqualTo(fresh);
            assertThat(job.generatedAt()).contains(T2);
            assertThat(job.lastAttempt().endedAt()).contains(T2);
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
        }

        @Test
        void aStoredJobIsAtItsEndAndKeepsItsCharge() {
            JobRecord job = generated(submitted(), 1).stored(FILES, T2.plusSeconds(1));

            assertThat(job.state()).isEqualTo(JobState.STORED);
            assertThat(job.state().isEnd()).isTrue();
            assertThat(job.outputs()).isEqualTo(FILES);
            assertThat(job.endedAt()).contains(T2.plusSeconds(1));
            assertThat(job.latestMoment()).contains(T2.plusSeconds(1));
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
        }

        @Test
        void onlyTheVersionChangesWhenAWriteNumbersIt() {
            JobRecord job = submitted();

            assertThat(job.numbered(7).version()).isEqualTo(7);
            assertThat(job.numbered(7).numbered(job.version())).isEqualTo(job);
        }

        @Test
        void theWaitsBeforeEachPollAreKept() {
            assertThat(submitted().waited(List.of(5, 8), Optional.empty()).waits())
                    .containsExactly(5, 8);
        }
    }

    @Nested
    class NotAccepted {
        @Test
        void aThrottledSubmitLeavesNoTraceButItsCount() {
            JobRecord job = sent(planned).putOff(1);

            assertThat(job.state()).isEqualTo(JobState.PLANNED);
            assertThat(job.attempts()).isEmpty();
            assertThat(job.throttled()).isOne();
            assertThat(job.committed()).isZero();
            assertThat(job.startedAt()).as("its queue time goes on").contains(T0);
            assertThat(sent(job).lastAttempt().number()).isOne();
        }

        @Test
        void aRefusedSubmitStaysInTheLedgerAndCostsNothing() {
            JobRecord job = sent(planned).refused(1, "HTTP 500", T1);

            assertThat(job.state()).isEqualTo(JobState.PLANNED);
            assertThat(state(job, 1)).isEqualTo(AttemptState.REFUSED);
            assertThat(job.lastAttempt().message()).contains("HTTP 500");
            assertThat(job.lastAttempt().endedAt()).contains(T1);
            assertThat(job.count(AttemptState.REFUSED)).isOne();
            assertThat(job.committed()).isZero();
            assertThat(sent(job).lastAttempt().number()).isEqualTo(2);
        }

        @Test
        void aLostAnswerPutsThePriceAtRisk() {
            JobRecord job = sent(planned).lost(1, "connection reset", T1);

            assertThat(job.state()).isEqualTo(JobState.UNKNOWN);
            assertThat(job.state().isEnd()).isFalse();
            assertThat(job.lastAttempt().atRisk()).isEqualByComparingTo(PRICE);
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
            assertThat(job.current()).isEmpty();
        }

        @Test
        void aResubmissionCommitsThePriceASecondTime() {
            assertThat(resent().committed()).isEqualByComparingTo("0.08");
            assertThat(resent().state()).isEqualTo(JobState.SUBMITTING);
        }

        @Test
        void aResubmissionThatIsThrottledLeavesTheJobUnknownAsItWas() {
            JobRecord job = resent().putOff(2);

            assertThat(job.state()).isEqualTo(JobState.UNKNOWN);
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
        }

        @Test
        void aResubmissionThatIsRefusedLeavesTheJobUnknownAsItWas() {
            JobRecord job = resent().refused(2, "HTTP 500", T2);

            assertThat(job.state()).isEqualTo(JobState.UNKNOWN);
            assertThat(state(job, 1)).isEqualTo(AttemptState.UNKNOWN);
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
        }
    }

    @Nested
    class Failing {
        @Test
        void aFailedGenerationReleasesThePriceAndMayBeSentAgain() {
            JobRecord job = submitted().generationFailed(1, "no GPU", T2);

            assertThat(job.state()).isEqualTo(JobState.PLANNED);
            assertThat(state(job, 1)).isEqualTo(AttemptState.FAILED);
            assertThat(job.lastAttempt().message()).contains("no GPU");
            assertThat(job.committed()).isZero();
        }

        @Test
        void aFailedGenerationLeavesAnotherAcceptedOneToBeAwaited() {
            JobRecord both = accepted(accepted(resent(), 1, "p1"), 2, "p2");
            JobRecord job = both.generationFailed(2, "no GPU", T2);

            assertThat(job.state()).isEqualTo(JobState.SUBMITTED);
            assertThat(job.current().flatMap(Attempt::predictionId)).contains("p1");
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
        }

        @Test
        void aFailedGenerationDoesNotFreeAJobWhoseNextAttemptIsOnItsWay() {
            JobRecord job = accepted(resent(), 1, "p1").generationFailed(1, "no GPU", T2);

            assertThat(job.state()).isEqualTo(JobState.SUBMITTING);
            assertThat(state(job, 2)).isEqualTo(AttemptState.SENDING);
        }

        @Test
        void aFailedGenerationDoesNotHideThatAnotherSubmitsAnswerWasLost() {
            JobRecord job = accepted(resent(), 1, "p1").lost(2, "cut", T2).generationFailed(1, "no GPU", T2);

            assertThat(job.state()).isEqualTo(JobState.UNKNOWN);
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
        }

        @Test
        void failingNamesTheReasonAndTheFurthestStateReached() {
            JobRecord job = planned.failed(Reason.BUDGET, "too dear", T1);

            assertThat(job.failure()).contains(new Failure(Reason.BUDGET, "too dear", JobState.PLANNED));
            assertThat(job.state().isEnd()).isTrue();
            assertThat(job.endedAt()).contains(T1);
        }

        @Test
        void failingWhileGeneratingKeepsTheIdAndPutsThePriceAtRisk() {
            JobRecord job = submitted().failed(Reason.WAIT_EXPIRED, "still running", T2);

            assertThat(state(job, 1)).isEqualTo(AttemptState.EXPIRED);
            assertThat(job.lastAttempt().atRisk()).isEqualByComparingTo(PRICE);
            assertThat(job.lastAttempt().predictionId()).contains("p1");
            assertThat(job.failure().map(Failure::reached)).contains(JobState.SUBMITTED);
        }

        @Test
        void failingAfterTheGenerationKeepsTheCharge() {
            JobRecord job = generated(submitted(), 1).failed(Reason.DOWNLOAD_FAILED, "a page", T2);

            assertThat(job.lastAttempt().charged()).isEqualByComparingTo(PRICE);
            assertThat(job.lastAttempt().atRisk()).isZero();
            assertThat(job.outputUrls()).isEqualTo(URLS);
        }

        @Test
        void failingAfterALostAnswerLeavesItsPriceAtRisk() {
            JobRecord job = sent(planned).lost(1, "cut", T1).failed(Reason.UNKNOWN_SUBMIT, "lost", T2);

            assertThat(state(job, 1)).isEqualTo(AttemptState.UNKNOWN);
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
        }
    }

    @Nested
    class LateAnswers {
        @Test
        void aLateIdCancelsAResubmissionThatWasNotSent() {
            JobRecord job = accepted(sent(planned).lost(1, "lease over", T1), 1, "p1");

            assertThat(job.state()).isEqualTo(JobState.SUBMITTED);
            assertThat(state(job, 1)).isEqualTo(AttemptState.ACCEPTED);
            assertThat(job.lastAttempt().message()).isEmpty();
            assertThat(job.lastAttempt().endedAt()).isEmpty();
            assertThat(job.waitUntil()).contains(T1.plus(Duration.ofMinutes(5)));
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
        }

        @Test
        void aLateIdGoesToItsOwnAttemptWhileTheNextIsBeingSent() {
            JobRecord job = accepted(resent(), 1, "p1");

            assertThat(state(job, 1)).isEqualTo(AttemptState.ACCEPTED);
            assertThat(state(job, 2)).isEqualTo(AttemptState.SENDING);
            assertThat(job.current().flatMap(Attempt::predictionId)).contains("p1");
            assertThat(job.committed()).as("both may be charged").isEqualByComparingTo("0.08");
        }

        @Test
        void noAnswerToTheNextAttemptMovesAJobThatAlreadyHasAnId() {
            JobRecord job = accepted(resent(), 1, "p1");

            assertThat(job.putOff(2).state()).isEqualTo(JobState.SUBMITTED);
            assertThat(job.refused(2, "HTTP 500", T2).state()).isEqualTo(JobState.SUBMITTED);
            assertThat(job.lost(2, "cut", T2).state()).isEqualTo(JobState.SUBMITTED);
            assertThat(accepted(job, 2, "p2").state()).isEqualTo(JobState.SUBMITTED);
            assertThat(job.putOff(2).committed()).isEqualByComparingTo(PRICE);
            assertThat(job.lost(2, "cut", T2).committed()).isEqualByComparingTo("0.08");
        }

        @Test
        void aLateRefusalOfAnEarlierAttemptDoesNotMoveTheJob() {
            assertThat(resent().refused(1, "HTTP 500", T2).state()).isEqualTo(JobState.SUBMITTING);
            assertThat(resent().putOff(1).state()).isEqualTo(JobState.SUBMITTING);
            assertThat(resent().putOff(1).committed()).isEqualByComparingTo(PRICE);
            assertThat(accepted(resent(), 2, "p2").refused(1, "HTTP 500", T2).state())
                    .isEqualTo(JobState.SUBMITTED);
        }

        @Test
        void aLateIdOfAFailedJobIsKeptForItsRetry() {
            JobRecord failed = sent(planned).lost(1, "cut", T1).failed(Reason.UNKNOWN_SUBMIT, "lost", T1);
            JobRecord job = accepted(failed, 1, "p1");

            assertThat(job.state()).isEqualTo(JobState.FAILED);
            assertThat(job.lastAttempt().predictionId()).contains("p1");
            assertThat(job.reopened(T2).state()).isEqualTo(JobState.SUBMITTED);
        }

        @Test
        void aLateIdOfAStoredJobOnlyCompletesTheLedger() {
            JobRecord stored =
                    generated(accepted(resent(), 2, "p2"), 2).stored(FILES, T2).numbered(9);
            JobRecord job = accepted(stored, 1, "p1");

            assertThat(job.state()).isEqualTo(JobState.STORED);
            assertThat(job.outputs()).isEqualTo(FILES);
            assertThat(state(job, 1)).isEqualTo(AttemptState.ACCEPTED);
            assertThat(job.committed()).as("both may be charged").isEqualByComparingTo("0.08");
        }

        @Test
        void aLateGenerationDoesNotTakeAStoredJobBack() {
            JobRecord stored = generated(accepted(resent(), 2, "p2"), 2).stored(FILES, T2);
            JobRecord job = accepted(stored, 1, "p1")
                    .generated(1, List.of("https://files.example/other"), Optional.empty(), T2);

            assertThat(job.state()).isEqualTo(JobState.STORED);
            assertThat(job.outputUrls()).isEqualTo(URLS);
            assertThat(state(job, 1)).isEqualTo(AttemptState.SUCCEEDED);
        }

        @Test
        void aLateGenerationOfAFailedJobIsKeptForItsRetry() {
            JobRecord failed = submitted().failed(Reason.WAIT_EXPIRED, "still running", T1);
            JobRecord job = generated(failed, 1);

            assertThat(job.state()).isEqualTo(JobState.FAILED);
            assertThat(job.failure()).isPresent();
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
            assertThat(job.reopened(T2).state()).isEqualTo(JobState.GENERATED);
        }

        @Test
        void anEndedAttemptKeepsItsOutcomeWhenItsIdComesLate() {
            JobRecord job = accepted(generated(submitted(), 1), 1, "p1");

            assertThat(state(job, 1)).isEqualTo(AttemptState.SUCCEEDED);
            assertThat(job.state()).isEqualTo(JobState.GENERATED);
        }

        @Test
        void theLateIdOfAGenerationThatIsKnownToHaveFailedIsNotAwaited() {
            JobRecord failed = sent(planned).lost(1, "lease over", T1).generationFailed(1, "no GPU", T1);
            JobRecord job = accepted(failed, 1, "p1");

            assertThat(job.state()).isEqualTo(JobState.PLANNED);
            assertThat(job.lastAttempt().predictionId()).contains("p1");
            assertThat(job.committed()).isZero();
        }

        @Test
        void anAnswerToAnAttemptThatIsGoneChangesNothing() {
            JobRecord job = sent(planned).putOff(1);

            assertThat(job.lost(1, "late", T2)).isEqualTo(job);
            assertThat(job.refused(1, "late", T2)).isEqualTo(job);
            assertThat(accepted(job, 1, "late").state()).isEqualTo(JobState.PLANNED);
        }
    }

    @Nested
    class TakenUpAgain {
        @Test
        void theQueueTimeCountsFromTheStartThenFromTheLastAnswer() {
            assertThat(planned.queuedSince()).isEmpty();
            assertThat(sent(planned).putOff(1).queuedSince()).contains(T0);
            assertThat(sent(planned).refused(1, "HTTP 500", T1).queuedSince()).contains(T1);
            assertThat(submitted().generationFailed(1, "no GPU", T2).queuedSince())
                    .contains(T2);
        }

        @Test
        void theTimeInWhichNobodyWasThereDoesNotCountAsQueued() {
            Instant nextDay = T0.plus(Duration.ofDays(1));

            assertThat(sent(planned).putOff(1).requeued(nextDay).queuedSince()).contains(nextDay);
            assertThat(sent(planned).lost(1, "cut", T1).requeued(nextDay).queuedSince())
                    .contains(nextDay);
            assertThat(planned.requeued(nextDay)).isEqualTo(planned);
        }

        @Test
        void onlyAFailedJobIsReopened() {
            assertThat(submitted().reopened(T2)).isEqualTo(submitted());
            assertThat(planned.reopened(T2)).isEqualTo(planned);
        }

        @Test
        void aJobThatWasNeverAcceptedIsSubmitted() {
            JobRecord job = planned.failed(Reason.BUDGET, "too dear", T1).reopened(T2);

            assertThat(job.state()).isEqualTo(JobState.PLANNED);
            assertThat(job.failure()).isEmpty();
            assertThat(job.endedAt()).isEmpty();
            assertThat(job.startedAt()).as("its queue time starts anew").isEmpty();
        }

        @Test
        void aKnownGenerationIsAwaitedAgainAndItsPriceIsReservedNotAddedToo() {
            JobRecord job =
                    submitted().failed(Reason.WAIT_EXPIRED, "still running", T2).reopened(T2);

            assertThat(job.state()).isEqualTo(JobState.SUBMITTED);
            assertThat(state(job, 1)).isEqualTo(AttemptState.ACCEPTED);
            assertThat(job.waitUntil()).contains(T2.plus(Duration.ofMinutes(5)));
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
            assertThat(job.attempts()).hasSize(1);
        }

        @Test
        void aGeneratedOutputIsDownloaded() {
            JobRecord job = generated(submitted(), 1)
                    .failed(Reason.DOWNLOAD_FAILED, "a page", T2)
                    .reopened(T2);

            assertThat(job.state()).isEqualTo(JobState.GENERATED);
            assertThat(job.outputUrls()).isEqualTo(URLS);
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
        }

        @Test
        void aFailedGenerationIsSubmittedAgain() {
            JobRecord job = submitted()
                    .generationFailed(1, "no GPU", T2)
                    .failed(Reason.GENERATION_FAILED, "no GPU", T2)
                    .reopened(T2);

            assertThat(job.state()).isEqualTo(JobState.PLANNED);
        }

        @Test
        void aLostSubmitKeepsItsRiskAndIsSubmittedAgain() {
            JobRecord job = sent(planned)
                    .lost(1, "cut", T1)
                    .failed(Reason.UNKNOWN_SUBMIT, "lost", T1)
                    .reopened(T2);

            assertThat(job.state()).isEqualTo(JobState.PLANNED);
            assertThat(state(job, 1)).isEqualTo(AttemptState.UNKNOWN);
            assertThat(job.committed()).isEqualByComparingTo(PRICE);
        }

        @Test
        void earlierAttemptsNoLongerCountAgainstTheJobsLimits() {
            JobRecord job = sent(planned)
                    .refused(1, "HTTP 500", T1)
                    .failed(Reason.PROVIDER_ERROR, "HTTP 500", T1)
                    .reopened(T2);

            assertThat(job.count(AttemptState.REFUSED)).isZero();
            assertThat(sent(job).refused(2, "HTTP 500", T2).count(AttemptState.REFUSED))
                    .isOne();
        }
    }
}
