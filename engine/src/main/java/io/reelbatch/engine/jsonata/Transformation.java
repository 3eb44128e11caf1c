package io.reelbatch.engine.jsonata;

import io.reelbatch.engine.jsonata.Callable.Native;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The transform operator: a copy of its argument with the matched objects updated. */
final class Transformation {
    private static final Signature SIGNATURE = Signature.parse("<(oa):o>");

    private Transformation() {}

    static Native of(Ast node, Frame env) {
        return new Native("transform", 1, 1, SIGNATURE, arguments -> {
            Object subject = arguments.get(0);
            return subject == null ? null : transformed(arguments.evaluator(), node, copy(subject), env);
        });
    }

    private static Object transformed(Evaluator evaluator, Ast node, Object copy, Frame env) {
        Object matches = evaluator.evaluate(node.lhs(), copy, env);
        if (matches != null) {
            for (Object match : matches instanceof List<?> list ? list : Collections.singletonList(matches)) {
                update(evaluator, node, match, env);
                if (node.otherwise != null) {
                    delete(evaluator.evaluate(node.otherwise, match, env), match);
                }
            }
        }
        return copy;
    }

    @SuppressWarnings("unchecked")
    private static void update(Evaluator evaluator, Ast node, @Nullable Object match, Frame env) {
        Object update = evaluator.evaluate(node.rhs(), match, env);
        if (update == null) {
            return;
        }
        if (!(update instanceof Map<?, ?> fields)) {
            throw JsonataException.of("T2011").value(update);
        }
        if (match instanceof Map<?, ?> target) {
            fields.forEach((name, value) -> ((Map<String, @Nullable Object>) target).put((String) name, value));
        }
    }

    private static void delete(@Nullable Object names, @Nullable Object match) {
        if (names == null) {
            return;
        }
        List<?> list = names instanceof List<?> many ? many : List.of(names);
        if (!Types.allStrings(list)) {
            throw JsonataException.of("T2012").value(names);
        }
        if (match instanceof Map<?, ?> target) {
            list.forEach(target::remove);
        }
    }

    /** A copy that can be changed. */
    static Object copy(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> result = new LinkedHashMap<>();
            map.forEach((name, element) -> {
                if (element != null) {
                    result.put(String.valueOf(name), copy(element));
                }
            });
            return result;
        }
        if (value instanceof List<?> list) {
            Seq result = new Seq();
            list.forEach(element -> result.add(copy(element)));
            return result;
        }
        if (value instanceof Number number) {
            return Numbers.rounded(number);
        }
        return value instanceof Callable ? "" : value == null ? Types.NULL : value;
    }
}
