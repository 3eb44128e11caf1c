package io.reelbatch.domain.provider;

import java.util.Set;

/** The provider's words for the state of a prediction, in lower case. A word in none of the sets means: not done yet. */
final class Words {
    private static final Set<String> SUCCESS = Set.of("completed", "succeeded", "success", "done");
    private static final Set<String> FAILURE =
            Set.of("failed", "error", "timeout", "canceled", "cancelled", "rejected");
    private static final Set<String> ALSO_OF_GATEWAYS = Set.of("error", "timeout");

    private Words() {}

    static boolean isSuccess(String status) {
        return SUCCESS.contains(status);
    }

    static boolean isFailure(String status) {
        return FAILURE.contains(status);
    }

    /** Whether gateways use the word too, for a request that never reached the provider. */
    static boolean isAmbiguous(String status) {
        return ALSO_OF_GATEWAYS.contains(status);
    }
}
