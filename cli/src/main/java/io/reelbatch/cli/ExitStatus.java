package io.reelbatch.cli;

/** Exit statuses of the command. Where several fit, the first of 1, 5, 4, 3 is used. */
final class ExitStatus {
    /** All jobs succeeded. */
    static final int OK = 0;
    /** An error in reelbatch itself. */
    static final int INTERNAL = 1;
    /** Bad usage or a bad config; nothing was submitted. */
    static final int USAGE = 2;
    /** Finished, with failed jobs. */
    static final int FAILED_JOBS = 3;
    /** The budget refused the batch or some of its jobs. */
    static final int BUDGET = 4;
    /** The provider refused the account. */
    static final int ACCOUNT = 5;

    private ExitStatus() {}
}
