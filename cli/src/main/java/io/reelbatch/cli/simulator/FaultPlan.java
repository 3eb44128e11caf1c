package io.reelbatch.cli.simulator;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Says what goes wrong when: by chance ({@link #chances}) or by a rule of a test's own. Called by several threads. */
@FunctionalInterface
public interface FaultPlan {
    /**
     * The fault at an occasion; one of another stage counts as none.
     *
     * @param chance a number from 0 to 1 that depends on the simulator's seed and on the occasion alone
     */
    Optional<Fault> at(Occasion occasion, double chance);

    /** Nothing goes wrong. */
    static FaultPlan none() {
        return (occasion, chance) -> Optional.empty();
    }

    /**
     * Faults by probability.
     *
     * @throws IllegalArgumentException when the probabilities of one stage add up to more than 1
     */
    static FaultPlan chances(Map<Fault, Double> probabilities) {
        Map<Fault, Double> sorted = new EnumMap<>(Fault.class);
        sorted.putAll(probabilities);
        for (Fault.Stage stage : Fault.Stage.values()) {
            double sum = sorted.entrySet().stream()
                    .filter(entry -> entry.getKey().stage() == stage)
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
            if (sum > 1 + 1e-9 || sorted.values().stream().anyMatch(one -> one < 0)) {
                throw new IllegalArgumentException("The probabilities of faults at " + stage + " are " + sum
                        + " in sum; each must be 0 or more, all together at most 1");
            }
        }
        return (occasion, chance) -> draw(sorted, occasion.stage(), chance);
    }

    private static Optional<Fault> draw(Map<Fault, Double> sorted, Fault.Stage stage, double chance) {
        double passed = 0;
        for (Map.Entry<Fault, Double> entry : sorted.entrySet()) {
            if (entry.getKey().stage() == stage) {
                passed += entry.getValue();
                if (chance < passed) {
                    return Optional.of(entry.getKey());
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The faults given, each stage's in order, and for every prompt anew: its first submit gets the first submit fault, the
     * next submit of the same prompt the second; its first accepted job gets the first generation fault; each job's first
     * poll gets the first poll fault. After the last one nothing goes wrong any more.
     */
    static FaultPlan eachJob(Fault... faults) {
        return (occasion, chance) -> {
            boolean perRequest = occasion.stage() == Fault.Stage.POLL || occasion.stage() == Fault.Stage.DOWNLOAD;
            int left = perRequest ? occasion.attempt() : occasion.job();
            for (Fault fault : faults) {
                if (fault.stage() == occasion.stage() && left-- == 0) {
                    return Optional.of(fault);
                }
            }
            return Optional.empty();
        };
    }

    /** This plan for one prompt; nothing goes wrong with others. */
    default FaultPlan only(String prompt) {
        return (occasion, chance) -> occasion.prompt().equals(prompt) ? at(occasion, chance) : Optional.empty();
    }

    /** This plan, and where it has nothing, the other one. */
    default FaultPlan or(FaultPlan other) {
        return (occasion, chance) -> at(occasion, chance).or(() -> other.at(occasion, chance));
    }
}
