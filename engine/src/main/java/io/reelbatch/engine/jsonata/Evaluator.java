package io.reelbatch.engine.jsonata;

import io.reelbatch.engine.jsonata.Ast.Form;
import io.reelbatch.engine.jsonata.Ast.Pair;
import io.reelbatch.engine.jsonata.Ast.Stage;
import io.reelbatch.engine.jsonata.Ast.Term;
import io.reelbatch.engine.jsonata.Callable.Lambda;
import io.reelbatch.engine.jsonata.Callable.Native;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Evaluates one expression once, within the limits that Step Functions sets. Undefined is null throughout. */
final class Evaluator {
    private static final int DEEPEST = 100;
    private static final long LONGEST_NANOS = 5_000_000_000L;
    private static final int STEPS_BETWEEN_CLOCK_CHECKS = 1_023;
    /** What one value may hold in bytes: eight for a number, one for a character. */
    private static final long LARGEST = 6_990_256;

    private static final String ITSELF = "@";

    private final Scope scope;
    private int depth;
    private int steps;
    private long started;

    Evaluator(Scope scope) {
        this.scope = scope;
    }

    Scope scope() {
        return scope;
    }

    static void checkSize(long bytes) {
        if (bytes > LARGEST) {
            throw JsonataException.plain(
                    "Expression evaluation memory limit exceeded: Check for excessive memory usage");
        }
    }

    private void enter() {
        depth++;
        if (depth > DEEPEST) {
            throw JsonataException.plain("Stack overflow error: Check for non-terminating recursive function. "
                    + " Consider rewriting as tail-recursive. Depth=" + depth + " max=" + DEEPEST);
        }
        if ((++steps & STEPS_BETWEEN_CLOCK_CHECKS) == 0) {
            long now = System.nanoTime();
            if (started == 0) {
                started = now;
            } else if (now - started > LONGEST_NANOS) {
                throw JsonataException.plain("Expression evaluation timeout: Check for infinite loop");
            }
        }
    }

    @Nullable
    Object evaluate(Ast node, @Nullable Object input, Frame env) {
        enter();
        Object result = evaluateNode(node, input, env);
        if (node.predicate != null) {
            for (Stage stage : node.predicate) {
                result = filter(filterOf(stage), result, env);
            }
        }
        if (node.type != Form.PATH && node.group != null) {
            result = group(node.group, result, env);
        }
        depth--;
        return result instanceof Seq seq && seq.sequence && !seq.tupleStream ? unwrapped(node, seq) : result;
    }

    private static @Nullable Object unwrapped(Ast node, Seq sequence) {
        if (node.keepArray) {
            sequence.keepSingleton = true;
        }
        if (sequence.isEmpty()) {
            return null;
        }
        return sequence.size() == 1 && !sequence.keepSingleton ? sequence.get(0) : sequence;
    }

    private static Ast filterOf(Stage stage) {
        Ast filter = stage.filter();
        if (filter == null) {
            throw new IllegalStateException("a predicate without an expression");
        }
        return filter;
    }

    private @Nullable Object evaluateNode(Ast node, @Nullable Object input, Frame env) {
        return switch (node.type) {
            case PATH -> path(node, input, env);
            case BINARY -> binary(node, input, env);
            case UNARY -> unary(node, input, env);
            case NAME -> Functions.lookup(input, node.text());
            case STRING, NUMBER, VALUE -> node.value;
            case WILDCARD -> wildcard(input);
            case DESCENDANT -> descendants(input);
            case PARENT -> node.slot == null ? null : env.lookup(node.slot.label);
            case CONDITION -> condition(node, input, env);
            case BLOCK -> block(node, input, env);
            case BIND -> {
                Object value = evaluate(node.rhs(), input, env);
                env.bind(node.lhs().text(), value);
                yield value;
            }
            case REGEX -> matcher(node);
            case FUNCTION -> call(node, input, env, null, false);
            case PARTIAL -> partial(node, input, env);
            case LAMBDA -> lambda(node, input, env);
            case VARIABLE -> node.text().isEmpty() ? input : env.lookup(node.text());
            case APPLY -> applied(node, input, env);
            case TRANSFORM -> Transformation.of(node, env);
            case SORT, OPERATOR, END -> null;
        };
    }

    // Paths

    private @Nullable Object path(Ast path, @Nullable Object input, Frame env) {
        List<?> inputs =
                input instanceof List<?> list && path.firstStep().type != Form.VARIABLE ? list : Seq.sequence(input);
        Object result = null;
        boolean tuples = false;
        Seq bindings = null;
        for (int i = 0; i < path.children.size(); i++) {
            Ast step = path.children.get(i);
            tuples |= step.tuple;
            if (i == 0 && step.consarray) {
                result = evaluate(step, inputs, env);
            } else if (tuples) {
                bindings = tupleStep(step, inputs, bindings, env);
            } else {
                result = step(step, inputs, env, i == path.children.size() - 1);
            }
            if (!tuples && (result == null || (result instanceof List<?> list && list.isEmpty()))) {
                break;
            }
            if (step.focus == null && !tuples && result != null) {
                inputs = (List<?>) result;
            }
        }
        if (bindings != null) {
            result = path.tuple ? bindings : focusOf(bindings);
        }
        if (path.keepSingletonArray && result instanceof List<?> list) {
            result = keptSingleton(list);
        }
        return path.group == null ? result : group(path.group, bindings == null ? result : bindings, env);
    }

    private static Seq focusOf(Seq bindings) {
        Seq result = Seq.sequence();
        bindings.forEach(tuple -> result.add(((Map<?, ?>) tuple).get(ITSELF)));
        return result;
    }

    private static List<?> keptSingleton(List<?> list) {
        if (!(list instanceof Seq seq)) {
            return list;
        }
        Seq result = seq.cons && !seq.sequence ? Seq.sequence(seq) : seq;
        result.keepSingleton = true;
        return result;
    }

    private @Nullable Object step(Ast step, List<?> inputs, Frame env, boolean last) {
        if (step.type == Form.SORT) {
            Object sorted = sort(step, inputs, env);
            return step.stages == null ? sorted : stages(step.stages, sorted, env);
        }
        Seq results = Seq.sequence();
        for (Object input : inputs) {
            Object result = evaluate(step, input, env);
            if (step.stages != null) {
                for (Stage stage : step.stages) {
                    result = filter(filterOf(stage), result, env);
                }
            }
            if (result != null) {
                results.add(result);
            }
        }
        if (last && results.size() == 1 && results.get(0) instanceof List<?> only && !Seq.isSequence(only)) {
            return only;
        }
        Seq flat = Seq.sequence();
        for (Object result : results) {
            if (result instanceof List<?> list && !(result instanceof Seq seq && seq.cons)) {
                flat.addAll(list);
            } else {
                flat.add(result);
            }
        }
        return flat;
    }

    private @Nullable Object stages(List<Stage> stages, @Nullable Object input, Frame env) {
        Object result = input;
        for (Stage stage : stages) {
            if (stage.filter() != null) {
                result = filter(stage.filter(), result, env);
            } else if (result instanceof List<?> tuples) {
                long position = 0;
                for (Object tuple : tuples) {
                    bind(tuple, stage.index(), position++);
                }
            }
        }
        return result;
    }

    @SuppressWarnings("unchecked")
    private static void bind(@Nullable Object tuple, String name, @Nullable Object value) {
        ((Map<String, @Nullable Object>) java.util.Objects.requireNonNull(tuple)).put(name, value);
    }

    private Seq tupleStep(Ast step, List<?> inputs, @Nullable Seq bindings, Frame env) {
        Seq result = step.type == Form.SORT ? sortedTuples(step, inputs, bindings, env) : Seq.sequence();
        result.tupleStream = true;
        if (step.type != Form.SORT) {
            List<?> tuples = bindings == null ? wrapped(inputs) : bindings;
            for (Object tuple : tuples) {
                extend(step, (Map<?, ?>) java.util.Objects.requireNonNull(tuple), env, result);
            }
        }
        if (step.stages == null) {
            return result;
        }
        Object staged = stages(step.stages, result, env);
        return staged instanceof Seq seq ? seq : Seq.sequence();
    }

    private static List<Map<String, @Nullable Object>> wrapped(List<?> inputs) {
        List<Map<String, @Nullable Object>> tuples = new ArrayList<>();
        for (Object input : inputs) {
            Map<String, @Nullable Object> tuple = new HashMap<>();
            tuple.put(ITSELF, input);
            tuples.add(tuple);
        }
        return tuples;
    }

    private Seq sortedTuples(Ast step, List<?> inputs, @Nullable Seq bindings, Frame env) {
        if (bindings != null) {
            return new Seq((List<?>) sort(step, bindings, env));
        }
        Seq result = Seq.sequence();
        long position = 0;
        for (Object element : (List<?>) sort(step, inputs, env)) {
            Map<String, @Nullable Object> tuple = new HashMap<>();
            tuple.put(ITSELF, element);
            if (step.index != null) {
                tuple.put(step.index, position);
            }
            position++;
            result.add(tuple);
        }
        return result;
    }

    private void extend(Ast step, Map<?, ?> tuple, Frame env, Seq result) {
        Object values = evaluate(step, tuple.get(ITSELF), new Frame(env, tuple));
        if (values == null) {
            return;
        }
        List<?> list = values instanceof List<?> many ? many : Collections.singletonList(values);
        long position = 0;
        for (Object value : list) {
            Map<Object, @Nullable Object> next = new HashMap<>(tuple);
            if (Seq.isTupleStream(values)) {
                next.putAll((Map<?, ?>) java.util.Objects.requireNonNull(value));
            } else {
                next.put(step.focus == null ? ITSELF : step.focus, value);
                if (step.index != null) {
                    next.put(step.index, position);
                }
                if (step.ancestor != null) {
                    next.put(step.ancestor.label, tuple.get(ITSELF));
                }
            }
            position++;
            result.add(next);
        }
    }

    private @Nullable Object filter(Ast predicate, @Nullable Object input, Frame env) {
        Seq results = Seq.sequence();
        results.tupleStream = Seq.isTupleStream(input);
        List<?> items = input instanceof List<?> list ? list : Seq.sequence(input);
        if (predicate.type == Form.NUMBER) {
            int index = position((Number) predicate.value, items.size());
            Object item = index >= 0 && index < items.size() ? items.get(index) : null;
            if (item instanceof List) {
                return item;
            }
            if (item != null) {
                results.add(item);
            }
            return results;
        }
        for (int i = 0; i < items.size(); i++) {
            Object item = items.get(i);
            boolean tuple = results.tupleStream && item instanceof Map;
            Object context = tuple ? ((Map<?, ?>) item).get(ITSELF) : item;
            Frame frame = tuple ? new Frame(env, (Map<?, ?>) item) : env;
            select(evaluate(predicate, context, frame), i, items.size(), item, results);
        }
        return results;
    }

    private static int position(Number index, int size) {
        double position = Math.floor(index.doubleValue());
        return (int) (position < 0 ? size + position : position);
    }

    private static void select(@Nullable Object verdict, int index, int size, @Nullable Object item, Seq results) {
        if (Types.isNumeric(verdict)) {
            if (position((Number) java.util.Objects.requireNonNull(verdict), size) == index) {
                results.add(item);
            }
        } else if (Types.allNumbers(verdict)) {
            for (Object wanted : (List<?>) java.util.Objects.requireNonNull(verdict)) {
                if (position((Number) wanted, size) == index) {
                    results.add(item);
                }
            }
        } else if (Types.isTruthy(verdict)) {
            results.add(item);
        }
    }

    private static Seq wildcard(@Nullable Object input) {
        Seq results = Seq.sequence();
        Iterable<?> values =
                input instanceof Map<?, ?> map ? map.values() : input instanceof List<?> list ? list : List.of();
        for (Object value : values) {
            if (value instanceof List<?> list) {
                flattened(list, results);
                results.sequence = false;
            } else {
                results.add(value);
            }
        }
        return results;
    }

    private static Seq flattened(List<?> list, Seq into) {
        for (Object element : list) {
            if (element instanceof List<?> inner) {
                flattened(inner, into);
            } else {
                into.add(element);
            }
        }
        return into;
    }

    private static @Nullable Object descendants(@Nullable Object input) {
        if (input == null) {
            return null;
        }
        Seq results = Seq.sequence();
        descend(input, results);
        return results.size() == 1 ? results.get(0) : results;
    }

    private static void descend(@Nullable Object input, Seq results) {
        if (input instanceof List<?> list) {
            list.forEach(member -> descend(member, results));
            return;
        }
        results.add(input);
        if (input instanceof Map<?, ?> map) {
            map.values().forEach(member -> descend(member, results));
        }
    }

    // Operators

    private @Nullable Object binary(Ast node, @Nullable Object input, Frame env) {
        Object left = evaluate(node.lhs(), input, env);
        String operator = node.text();
        if (operator.equals("and") || operator.equals("or")) {
            try {
                boolean first = Types.isTruthy(left);
                boolean decided = operator.equals("or") == first;
                return decided ? first : Types.isTruthy(evaluate(node.rhs(), input, env));
            } catch (JsonataException e) {
                throw e.token(operator);
            }
        }
        Object right = evaluate(node.rhs(), input, env);
        try {
            return switch (operator) {
                case "=" -> left != null && right != null && Types.deepEquals(left, right);
                case "!=" -> left != null && right != null && !Types.deepEquals(left, right);
                case "<", "<=", ">", ">=" -> Operators.compare(left, right, operator);
                case "&" -> Operators.concatenate(left, right);
                case ".." -> Operators.range(left, right);
                case "in" -> Operators.isIn(left, right);
                default -> Operators.arithmetic(left, right, operator);
            };
        } catch (JsonataException e) {
            throw e.token(operator);
        }
    }

    private @Nullable Object unary(Ast node, @Nullable Object input, Frame env) {
        return switch (node.text()) {
            case "[" -> array(node, input, env);
            case "{" -> group(node.pairs, input, env);
            default -> negated(evaluate(node.lhs(), input, env));
        };
    }

    private static @Nullable Object negated(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (!Types.isNumeric(value)) {
            throw JsonataException.of("D1002").token("-").value(value);
        }
        return Numbers.of(-((Number) value).doubleValue());
    }

    private Object array(Ast node, @Nullable Object input, Frame env) {
        Seq result = new Seq();
        for (Ast item : node.children) {
            Object value = evaluate(item, input, env);
            if (value != null) {
                if (value instanceof List<?> list && !item.is(Form.UNARY, "[")) {
                    result.addAll(list);
                    checkSize(8L * result.size());
                } else {
                    result.add(value);
                }
            }
        }
        result.cons = node.consarray;
        return result;
    }

    private @Nullable Object group(List<Pair> pairs, @Nullable Object input, Frame env) {
        boolean reduce = Seq.isTupleStream(input);
        List<?> items = input instanceof List<?> list ? list : Seq.sequence(input);
        if (items.isEmpty()) {
            items = Seq.sequence(null);
        }
        Map<String, Grouped> groups = new LinkedHashMap<>();
        for (Object item : items) {
            Object context = reduce ? ((Map<?, ?>) java.util.Objects.requireNonNull(item)).get(ITSELF) : item;
            Frame frame = reduce ? new Frame(env, (Map<?, ?>) java.util.Objects.requireNonNull(item)) : env;
            for (Pair pair : pairs) {
                Object key = evaluate(pair.key(), context, frame);
                if (key != null) {
                    collect(groups, key, pair, item);
                }
            }
        }
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        groups.forEach((key, grouped) -> {
            Object value = grouped(grouped, reduce, env);
            if (value != null) {
                result.put(key, value);
            }
        });
        return result;
    }

    private record Grouped(Pair pair, @Nullable Object data) {}

    private static void collect(Map<String, Grouped> groups, Object key, Pair pair, @Nullable Object item) {
        if (!(key instanceof String name)) {
            throw JsonataException.of("T1003").value(key);
        }
        Grouped known = groups.get(name);
        if (known == null) {
            groups.put(name, new Grouped(pair, item));
        } else if (!known.pair.equals(pair)) {
            throw JsonataException.of("D1009").value(key);
        } else {
            groups.put(name, new Grouped(pair, Functions.append(known.data, item)));
        }
    }

    private @Nullable Object grouped(Grouped grouped, boolean reduce, Frame env) {
        if (!reduce) {
            return evaluate(grouped.pair.value(), grouped.data, env);
        }
        Map<Object, @Nullable Object> tuple = new HashMap<>();
        List<?> tuples = grouped.data instanceof List<?> list ? list : Collections.singletonList(grouped.data);
        for (Object each : tuples) {
            ((Map<?, ?>) java.util.Objects.requireNonNull(each))
                    .forEach((name, value) -> tuple.put(name, Functions.append(tuple.get(name), value)));
        }
        Object context = tuple.remove(ITSELF);
        return evaluate(grouped.pair.value(), context, new Frame(env, tuple));
    }

    private @Nullable Object condition(Ast node, @Nullable Object input, Frame env) {
        if (Types.isTruthy(evaluate(node.lhs(), input, env))) {
            return evaluate(node.rhs(), input, env);
        }
        return node.otherwise == null ? null : evaluate(node.otherwise, input, env);
    }

    private @Nullable Object block(Ast node, @Nullable Object input, Frame env) {
        Frame frame = new Frame(env);
        Object result = null;
        for (Ast expression : node.children) {
            result = evaluate(expression, input, frame);
        }
        return result;
    }

    private Object sort(Ast node, List<?> input, Frame env) {
        boolean tuples = Seq.isTupleStream(input);
        return Functions.mergeSort(input, (a, b) -> compareTerms(node.terms, a, b, tuples, env) == 1);
    }

    private int compareTerms(List<Term> terms, @Nullable Object a, @Nullable Object b, boolean tuples, Frame env) {
        for (Term term : terms) {
            int order = Operators.order(termValue(term, a, tuples, env), termValue(term, b, tuples, env));
            if (order == Operators.UNDEFINED_LAST || order == Operators.UNDEFINED_FIRST) {
                return order == Operators.UNDEFINED_LAST ? 1 : -1;
            }
            if (order != 0) {
                return term.descending() ? -order : order;
            }
        }
        return 0;
    }

    private @Nullable Object termValue(Term term, @Nullable Object item, boolean tuples, Frame env) {
        if (!tuples) {
            return evaluate(term.expression(), item, env);
        }
        Map<?, ?> tuple = (Map<?, ?>) java.util.Objects.requireNonNull(item);
        return evaluate(term.expression(), tuple.get(ITSELF), new Frame(env, tuple));
    }

    // Functions

    private static Native matcher(Ast node) {
        Pattern pattern = java.util.Objects.requireNonNull(node.regex);
        return new Native("regex", 2, 2, null, arguments -> match(pattern, String.valueOf(arguments.get(0)), 0));
    }

    private static @Nullable Object match(Pattern pattern, String text, int from) {
        Matcher matcher = pattern.matcher(text);
        if (from > text.length() || !matcher.find(from)) {
            return null;
        }
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("match", matcher.group());
        result.put("start", (long) matcher.start());
        result.put("end", (long) matcher.end());
        Seq groups = new Seq();
        for (int i = 1; i <= matcher.groupCount(); i++) {
            groups.add(matcher.group(i));
        }
        result.put("groups", groups);
        int end = matcher.end();
        result.put("next", new Native("next", 0, 0, null, ignored -> next(pattern, text, end)));
        return result;
    }

    private static @Nullable Object next(Pattern pattern, String text, int from) {
        Object next = from >= text.length() ? null : match(pattern, text, from);
        if (next instanceof Map<?, ?> found && "".equals(found.get("match"))) {
            throw JsonataException.of("D1004").value(pattern.pattern());
        }
        return next;
    }

    private static Lambda lambda(Ast node, @Nullable Object input, Frame env) {
        List<String> parameters = new ArrayList<>(node.children.size());
        node.children.forEach(parameter -> parameters.add(parameter.text()));
        return new Lambda(input, env, parameters, node.signature, node.rhs(), node.thunk);
    }

    private @Nullable Object applied(Ast node, @Nullable Object input, Frame env) {
        Object left = evaluate(node.lhs(), input, env);
        if (node.rhs().type == Form.FUNCTION) {
            return call(node.rhs(), input, env, left, true);
        }
        if (!(evaluate(node.rhs(), input, env) instanceof Callable function)) {
            throw JsonataException.of("T2006");
        }
        if (left instanceof Callable first) {
            return new Native(
                    "chain",
                    1,
                    1,
                    null,
                    arguments -> apply(function, asList(apply(first, asList(arguments.get(0)), null)), null));
        }
        return apply(function, asList(left), null);
    }

    private static List<?> asList(@Nullable Object value) {
        return Collections.singletonList(value);
    }

    private @Nullable Object call(
            Ast node, @Nullable Object input, Frame env, @Nullable Object first, boolean hasFirst) {
        Object function = evaluate(node.lhs(), input, env);
        String name = calledName(node);
        if (function == null && node.lhs().type == Form.PATH && env.lookup(name) != null) {
            throw JsonataException.of("T1005").token(name);
        }
        Seq arguments = new Seq();
        if (hasFirst) {
            arguments.add(first);
        }
        for (Ast argument : node.children) {
            arguments.add(evaluate(argument, input, env));
        }
        try {
            return apply(function, arguments, input);
        } catch (JsonataException e) {
            throw e.hasToken() ? e : e.token(name);
        }
    }

    private static String calledName(Ast node) {
        Ast procedure = node.lhs();
        return procedure.type == Form.PATH ? procedure.firstStep().text() : procedure.text();
    }

    @Nullable
    Object apply(@Nullable Object function, List<?> arguments, @Nullable Object input) {
        Object result = applyOnce(function, arguments, input);
        while (result instanceof Lambda lambda && lambda.thunk()) {
            Ast body = lambda.body();
            Object next = evaluate(body.lhs(), lambda.input(), lambda.environment());
            Seq values = new Seq();
            for (Ast argument : body.children) {
                values.add(evaluate(argument, lambda.input(), lambda.environment()));
            }
            try {
                result = applyOnce(next, values, input);
            } catch (JsonataException e) {
                throw e.hasToken() || next == null || body.lhs().type != Form.VARIABLE
                        ? e
                        : e.token(body.lhs().text());
            }
        }
        return result;
    }

    private @Nullable Object applyOnce(@Nullable Object function, List<?> arguments, @Nullable Object input) {
        if (!(function instanceof Callable callable)) {
            throw JsonataException.of("T1006");
        }
        Signature signature = callable.signature();
        List<?> validated = signature == null ? arguments : signature.validate(arguments, input);
        if (callable instanceof Lambda lambda) {
            Frame frame = new Frame(lambda.environment());
            for (int i = 0; i < lambda.parameters().size(); i++) {
                frame.bind(lambda.parameters().get(i), i < validated.size() ? validated.get(i) : null);
            }
            return evaluate(lambda.body(), lambda.input(), frame);
        }
        return ((Native) callable).body().call(new Callable.Arguments(this, validated));
    }

    private @Nullable Object partial(Ast node, @Nullable Object input, Frame env) {
        Seq bound = new Seq();
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < node.children.size(); i++) {
            Ast argument = node.children.get(i);
            boolean placeholder = argument.is(Form.OPERATOR, "?");
            if (placeholder) {
                open.add(i);
            }
            bound.add(placeholder ? null : evaluate(argument, input, env));
        }
        Object function = evaluate(node.lhs(), input, env);
        String name = calledName(node);
        if (function == null && node.lhs().type == Form.PATH && env.lookup(name) != null) {
            throw JsonataException.of("T1007").token(name);
        }
        if (!(function instanceof Callable callable)) {
            throw JsonataException.of("T1008").token(name);
        }
        return new Native("partial", open.size(), open.size(), null, arguments -> {
            Seq all = new Seq(bound);
            for (int i = 0; i < open.size(); i++) {
                all.set(open.get(i), arguments.get(i));
            }
            return callable instanceof Native plain
                    ? plain.body().call(new Callable.Arguments(this, all))
                    : apply(callable, all, null);
        });
    }
}
