package io.reelbatch.engine.asl;

import java.util.List;
import java.util.Optional;

/** One state of a definition. */
public sealed interface State {
    /** Its name. */
    String name();

    /** Its Type. */
    default String type() {
        return getClass().getSimpleName();
    }

    /** Passes its input on. */
    record Pass(String name, Outcome outcome) implements State {}

    /** Has work done. */
    record Task(
            String name,
            Resource resource,
            Optional<Template> arguments,
            Optional<Template> timeout,
            Optional<Template> heartbeat,
            Recovery recovery,
            Outcome outcome)
            implements State {}

    /** Goes where the first true condition leads. */
    record Choice(String name, List<Rule> rules, Optional<String> defaultState, Outcome outcome) implements State {}

    /** One rule of a Choice. */
    record Rule(Template condition, Outcome outcome) {}

    /** Lets time pass: for so many seconds, or until a moment. */
    record Wait(String name, Optional<Template> seconds, Optional<Template> timestamp, Outcome outcome)
            implements State {}

    /** Ends well. */
    record Succeed(String name, Outcome outcome) implements State {}

    /** Ends with an error. */
    record Fail(String name, Optional<Template> error, Optional<Template> cause) implements State {}

    /** Runs branches side by side. */
    record Parallel(String name, List<Graph> branches, Optional<Template> arguments, Recovery recovery, Outcome outcome)
            implements State {}

    /** Runs its processor for every item, inside the execution. */
    record Map(
            String name,
            Graph processor,
            Optional<Template> items,
            Optional<Template> selector,
            Optional<Template> maxConcurrency,
            Optional<Distribution> distribution,
            Recovery recovery,
            Outcome outcome)
            implements State {}
}
