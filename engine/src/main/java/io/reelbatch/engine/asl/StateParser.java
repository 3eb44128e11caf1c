package io.reelbatch.engine.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one state of each type. */
final class StateParser {
    private static final Pattern VARIABLE = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]{0,79}");
    private static final Set<String> JSON_PATH = Set.of(
            "InputPath",
            "OutputPath",
            "ResultPath",
            "Parameters",
            "ResultSelector",
            "Result",
            "ItemsPath",
            "SecondsPath",
            "TimestampPath",
            "TimeoutSecondsPath",
            "HeartbeatSecondsPath",
            "MaxConcurrencyPath",
            "ToleratedFailureCountPath",
            "ToleratedFailurePercentagePath",
            "ErrorPath",
            "CausePath",
            "Iterator");

    private final Problems problems;
    private final GraphParser graphs;
    private final Set<String> outerVariables;
    private final Set<String> variables;

    StateParser(Problems problems, GraphParser graphs, Set<String> outerVariables, Set<String> variables) {
        this.problems = problems;
        this.graphs = graphs;
        this.outerVariables = outerVariables;
        this.variables = variables;
    }

    Optional<State> state(String name, Fields fields) {
        fields.value("Comment");
        fields.text("QueryLanguage")
                .filter(language -> !language.equals("JSONata"))
                .ifPresent(
                        language -> fields.problem("QueryLanguage", "must be \"JSONata\", not \"" + language + "\""));
        String type = fields.requiredText("Type", "the type of the state");
        Optional<State> state = switch (type) {
            case "Pass" -> Optional.of(new State.Pass(name, outcome(fields)));
            case "Task" -> Optional.of(task(name, fields));
            case "Choice" -> Optional.of(choice(name, fields));
            case "Wait" -> Optional.of(wait(name, fields));
            case "Succeed" -> Optional.of(succeed(name, fields));
            case "Fail" -> Optional.of(fail(name, fields));
            case "Parallel" -> Optional.of(parallel(name, fields));
            case "Map" -> Optional.of(map(name, fields));
            default -> unknown(type, fields);
        };
        fields.refuseJsonPath(JSON_PATH);
        if (state.isPresent()) {
            fields.refuseTheRest("a " + type + " state");
        }
        return state;
    }

    private static Optional<State> unknown(String type, Fields fields) {
        if (!type.isEmpty()) {
            fields.problem(
                    "Type", "must be Pass, Task, Choice, Wait, Succeed, Fail, Parallel or Map, not '" + type + "'");
        }
        return Optional.empty();
    }

    private State.Task task(String name, Fields fields) {
        String arn = fields.requiredText("Resource", "the ARN of what does the work");
        Resource resource = new Resource(arn, "", "", Resource.Pattern.REQUEST_RESPONSE);
        if (!arn.isEmpty()) {
            try {
                resource = Resource.parse(arn);
            } catch (IllegalArgumentException e) {
                fields.problem("Resource", String.valueOf(e.getMessage()));
            }
        }
        if (fields.value("Credentials").isPresent()) {
            fields.problem("Credentials", "is not supported: nothing is run under a role here");
        }
        Optional<Template> timeout =
                fields.template("TimeoutSeconds", StateParser::positive, "must be a positive whole number");
        Optional<Template> heartbeat =
                fields.template("HeartbeatSeconds", StateParser::positive, "must be a positive whole number");
        checkHeartbeat(fields, timeout, heartbeat);
        return new State.Task(
                name, resource, fields.template("Arguments"), timeout, heartbeat, recovery(fields), outcome(fields));
    }

    private static void checkHeartbeat(Fields fields, Optional<Template> timeout, Optional<Template> heartbeat) {
        if (timeout.orElse(null) instanceof Template.Literal longest
                && heartbeat.orElse(null) instanceof Template.Literal beat
                && beat.value().longValue() >= longest.value().longValue()) {
            fields.problem("HeartbeatSeconds", "must be smaller than TimeoutSeconds");
        }
    }

    private State.Choice choice(String name, Fields fields) {
        fields.required("Choices", "the rules");
        List<State.Rule> rules = new ArrayList<>();
        for (Fields rule : fields.objects("Choices")) {
            rule.value("Comment");
            rule.required("Condition", "an expression that is true or false");
            Optional<Template> condition = rule.template("Condition", JsonNode::isBoolean, "must be a boolean");
            String next = rule.requiredText("Next", "the state to go to");
            Outcome outcome = new Outcome(rule.template("Output"), assign(rule), Optional.of(next));
            rules.add(new State.Rule(condition.orElse(new Template.Literal(BooleanNode.FALSE)), outcome));
            rule.refuseTheRest("a Choice rule");
        }
        if (fields.value("Choices")
                .map(choices -> choices.isArray() && choices.isEmpty())
                .orElse(false)) {
            fields.problem("Choices", "has no rule");
        }
        Optional<String> defaultState = fields.text("Default");
        return new State.Choice(
                name, rules, defaultState, new Outcome(fields.template("Output"), assign(fields), defaultState));
    }

    private State.Wait wait(String name, Fields fields) {
        Optional<Template> seconds =
                fields.template("Seconds", StateParser::notNegative, "must be a whole number of seconds");
        Optional<Template> timestamp = fields.template(
                "Timestamp",
                value ->
                        value.isTextual() && Timestamps.parse(value.textValue()).isPresent(),
                "must be a timestamp such as 2026-01-31T12:00:00Z");
        if (fields.has("Seconds") == fields.has("Timestamp")) {
            problems.add(fields.path(), "A Wait state has either Seconds or Timestamp");
        }
        return new State.Wait(name, seconds, timestamp, outcome(fields));
    }

    private State.Succeed succeed(String name, Fields fields) {
        return new State.Succeed(name, new Outcome(fields.template("Output"), Map.of(), Optional.empty()));
    }

    private State.Fail fail(String name, Fields fields) {
        return new State.Fail(
                name,
                fields.template("Error", JsonNode::isTextual, "must be a string"),
                fields.template("Cause", JsonNode::isTextual, "must be a string"));
    }

    private State.Parallel parallel(String name, Fields fields) {
        fields.required("Branches", "the graphs to run");
        List<Graph> branches = new ArrayList<>();
        for (Fields branch : fields.objects("Branches")) {
            branch.value("Comment");
            branches.add(graphs.graph(branch, variables));
            branch.refuseTheRest("a branch");
        }
        if (branches.isEmpty()
                && fields.value("Branches").map(JsonNode::isArray).orElse(false)) {
            fields.problem("Branches", "has no branch");
        }
        return new State.Parallel(name, branches, fields.template("Arguments"), recovery(fields), outcome(fields));
    }

    private State.Map map(String name, Fields fields) {
        fields.required("ItemProcessor", "the graph to run for each item");
        Optional<Fields> processor = fields.object("ItemProcessor");
        boolean distributed = processor.map(StateParser::isDistributed).orElse(false);
        Graph graph = processor
                .map(inner -> {
                    inner.value("Comment");
                    Graph parsed = graphs.graph(inner, distributed ? Set.of() : variables);
                    inner.refuseTheRest("an ItemProcessor");
                    return parsed;
                })
                .orElse(new Graph("", Map.of()));
        MapParser parts = new MapParser(fields);
        if (!distributed) {
            parts.refuseDistribution();
        } else if (fields.has("Items") && fields.has("ItemReader")) {
            fields.problem("Items", "stands beside ItemReader: a Map has one or the other");
        }
        return new State.Map(
                name,
                graph,
                fields.template("Items", JsonNode::isContainerNode, "must be an array, an object"),
                fields.template("ItemSelector"),
                fields.template("MaxConcurrency", StateParser::notNegative, "must be a whole number"),
                distributed ? Optional.of(parts.distribution()) : Optional.empty(),
                recovery(fields),
                outcome(fields));
    }

    private static boolean isDistributed(Fields processor) {
        Optional<Fields> config = processor.object("ProcessorConfig");
        if (config.isEmpty()) {
            return false;
        }
        Fields fields = config.get();
        Optional<Mode> mode = fields.oneOf("Mode", Mode.class, any -> true);
        boolean distributed = mode.isPresent() && mode.get() == Mode.DISTRIBUTED;
        Optional<String> type = fields.text("ExecutionType");
        if (distributed) {
            fields.required("ExecutionType", "STANDARD");
            type.filter(given -> !given.equals("STANDARD"))
                    .ifPresent(given -> fields.problem(
                            "ExecutionType", "must be STANDARD: this engine does not run " + given + " workflows"));
        } else if (type.isPresent()) {
            fields.problem("ExecutionType", "belongs to a DISTRIBUTED Map");
        }
        fields.refuseTheRest("a ProcessorConfig");
        return distributed;
    }

    private enum Mode {
        INLINE,
        DISTRIBUTED
    }

    private Outcome outcome(Fields fields) {
        Optional<String> next = fields.text("Next");
        Optional<JsonNode> end = fields.checked("End", JsonNode::isBoolean, "must be true or false");
        boolean ends = end.map(JsonNode::booleanValue).orElse(false);
        if (ends == next.isPresent()) {
            problems.add(fields.path(), "A state has either Next or \"End\": true");
        }
        return new Outcome(fields.template("Output"), assign(fields), next);
    }

    private Map<String, Template> assign(Fields fields) {
        Map<String, Template> assign = new LinkedHashMap<>(fields.assignments("Assign"));
        String path = fields.path("Assign");
        for (String variable : assign.keySet()) {
            if (!VARIABLE.matcher(variable).matches()) {
                problems.add(
                        JsonPath.child(path, variable),
                        "A variable's name starts with a letter, goes on with letters, digits and _,"
                                + " and has at most 80 characters");
            } else if (variable.equals("states")) {
                problems.add(JsonPath.child(path, variable), "'states' is reserved");
            } else if (outerVariables.contains(variable)) {
                problems.add(
                        JsonPath.child(path, variable),
                        "A state around this one assigns '" + variable + "' already; an inner one cannot");
            }
        }
        return assign;
    }

    private Recovery recovery(Fields fields) {
        List<Recovery.Retrier> retriers = new ArrayList<>();
        List<Fields> retries = fields.objects("Retry");
        for (int i = 0; i < retries.size(); i++) {
            retriers.add(retrier(retries.get(i), i == retries.size() - 1));
        }
        List<Recovery.Catcher> catchers = new ArrayList<>();
        List<Fields> catches = fields.objects("Catch");
        for (int i = 0; i < catches.size(); i++) {
            catchers.add(catcher(catches.get(i), i == catches.size() - 1));
        }
        return new Recovery(retriers, catchers);
    }

    private static Recovery.Retrier retrier(Fields fields, boolean last) {
        fields.value("Comment");
        Optional<JsonNode> interval =
                fields.checked("IntervalSeconds", StateParser::positive, "must be a positive whole number");
        Optional<JsonNode> attempts = fields.checked("MaxAttempts", StateParser::notNegative, "must be a whole number");
        Optional<JsonNode> rate = fields.checked(
                "BackoffRate", value -> value.isNumber() && value.doubleValue() >= 1, "must be a number from 1");
        Optional<JsonNode> longest = fields.checked(
                "MaxDelaySeconds",
                value -> positive(value) && value.longValue() <= 31_622_400,
                "must be a whole number from 1 to 31622400");
        if (longest.isPresent()
                && longest.get().longValue()
                        <= interval.map(JsonNode::longValue).orElse(1L)) {
            fields.problem("MaxDelaySeconds", "must be greater than IntervalSeconds");
        }
        Optional<Jitter> jitter = fields.oneOf("JitterStrategy", Jitter.class, any -> true);
        Recovery.Retrier retrier = new Recovery.Retrier(
                errors(fields, last),
                interval.map(JsonNode::doubleValue).orElse(1.0),
                attempts.map(JsonNode::intValue).orElse(3),
                rate.map(JsonNode::doubleValue).orElse(2.0),
                longest.map(value -> OptionalDouble.of(value.doubleValue())).orElse(OptionalDouble.empty()),
                jitter.isPresent() && jitter.get() == Jitter.FULL);
        fields.refuseTheRest("a retrier");
        return retrier;
    }

    private enum Jitter {
        NONE,
        FULL
    }

    private Recovery.Catcher catcher(Fields fields, boolean last) {
        fields.value("Comment");
        String next = fields.requiredText("Next", "the state to go to");
        Outcome outcome = new Outcome(fields.template("Output"), assign(fields), Optional.of(next));
        Recovery.Catcher catcher = new Recovery.Catcher(errors(fields, last), outcome);
        fields.refuseJsonPath(Set.of("ResultPath"));
        fields.refuseTheRest("a catcher");
        return catcher;
    }

    private static List<String> errors(Fields fields, boolean last) {
        fields.required("ErrorEquals", "the errors it is for");
        List<String> errors = fields.texts("ErrorEquals");
        if (fields.value("ErrorEquals")
                .map(value -> value.isArray() && value.isEmpty())
                .orElse(false)) {
            fields.problem("ErrorEquals", "names no error");
        }
        if (errors.contains("States.ALL") && (errors.size() > 1 || !last)) {
            fields.problem("ErrorEquals", "States.ALL must stand alone, and in the last entry");
        }
        return errors;
    }

    static JsonNode empty() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static boolean positive(JsonNode value) {
        return notNegative(value) && value.longValue() > 0;
    }

    private static boolean notNegative(JsonNode value) {
        return value.isIntegralNumber() && value.longValue() >= 0 && value.longValue() <= 99_999_999;
    }
}
