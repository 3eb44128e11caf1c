package io.reelbatch.engine.jsonata;

import io.reelbatch.engine.jsonata.Callable.Arguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The functions on arrays and objects, those that take functions included. */
final class Functions {
    private Functions() {}

    static @Nullable Object lookup(@Nullable Object input, String key) {
        if (input instanceof Map<?, ?> map) {
            return map.get(key);
        }
        if (!(input instanceof List<?> list)) {
            return null;
        }
        Seq result = Seq.sequence();
        for (Object element : list) {
            Object value = lookup(element, key);
            if (value instanceof List<?> values) {
                result.addAll(values);
            } else if (value != null) {
                result.add(value);
            }
        }
        return result;
    }

    static @Nullable Object append(@Nullable Object first, @Nullable Object second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        Seq result = first instanceof List<?> list ? new Seq(list) : Seq.sequence(first);
        result.sequence = false;
        if (second instanceof List<?> list) {
            result.addAll(list);
        } else {
            result.add(second);
        }
        Evaluator.checkSize(8L * result.size());
        return result;
    }

    // Aggregation

    static @Nullable Object sum(Arguments arguments) {
        List<?> list = arguments.list(0);
        return list == null ? null : Numbers.of(total(list));
    }

    private static double total(List<?> list) {
        double total = 0;
        for (Object element : list) {
            total += element instanceof Number number ? number.doubleValue() : 0;
        }
        return total;
    }

    static @Nullable Object average(Arguments arguments) {
        List<?> list = arguments.list(0);
        return list == null || list.isEmpty() ? null : Numbers.of(total(list) / list.size());
    }

    static @Nullable Object extreme(Arguments arguments, boolean largest) {
        List<?> list = arguments.list(0);
        if (list == null || list.isEmpty()) {
            return null;
        }
        Object best = list.get(0);
        for (Object element : list) {
            int order = Operators.order(element, best);
            if (largest ? order > 0 : order < 0) {
                best = element;
            }
        }
        return best;
    }

    static Object count(Arguments arguments) {
        List<?> list = arguments.list(0);
        return list == null ? 0L : (long) list.size();
    }

    // Higher-order functions

    private static @Nullable Object callHigher(
            Arguments arguments, Callable function, @Nullable Object value, Object position, Object whole) {
        return switch (function.arity()) {
            case 0, 1 -> arguments.call(function, value);
            case 2 -> arguments.call(function, value, position);
            default -> arguments.call(function, value, position, whole);
        };
    }

    static @Nullable Object map(Arguments arguments) {
        List<?> list = arguments.list(0);
        if (list == null) {
            return null;
        }
        Seq result = Seq.sequence();
        for (int i = 0; i < list.size(); i++) {
            Object value = callHigher(arguments, arguments.function(1), list.get(i), (long) i, list);
            if (value != null) {
                result.add(value);
            }
        }
        return result;
    }

    static @Nullable Object filter(Arguments arguments) {
        List<?> list = arguments.list(0);
        if (list == null) {
            return null;
        }
        Seq result = Seq.sequence();
        for (int i = 0; i < list.size(); i++) {
            if (Types.isTruthy(callHigher(arguments, arguments.function(1), list.get(i), (long) i, list))) {
                result.add(list.get(i));
            }
        }
        return result;
    }

    static @Nullable Object single(Arguments arguments) {
        List<?> list = arguments.list(0);
        if (list == null) {
            return null;
        }
        Object found = null;
        boolean any = false;
        for (int i = 0; i < list.size(); i++) {
            if (arguments.get(1) == null
                    || Types.isTruthy(callHigher(arguments, arguments.function(1), list.get(i), (long) i, list))) {
                if (any) {
                    throw JsonataException.of("D3138").with("index", i);
                }
                found = list.get(i);
                any = true;
            }
        }
        if (!any) {
            throw JsonataException.of("D3139");
        }
        return found;
    }

    static @Nullable Object reduce(Arguments arguments) {
        List<?> list = arguments.list(0);
        if (list == null) {
            return null;
        }
        Callable function = arguments.function(1);
        if (function.arity() < 2) {
            throw JsonataException.of("D3050").with("index", 1);
        }
        boolean fromFirst = arguments.get(2) == null && !list.isEmpty();
        Object result = fromFirst ? list.get(0) : arguments.get(2);
        for (int i = fromFirst ? 1 : 0; i < list.size(); i++) {
            result = switch (function.arity()) {
                case 2 -> arguments.call(function, result, list.get(i));
                case 3 -> arguments.call(function, result, list.get(i), (long) i);
                default -> arguments.call(function, result, list.get(i), (long) i, list);
            };
        }
        return result;
    }

    static @Nullable Object sift(Arguments arguments) {
        if (!(arguments.get(0) instanceof Map<?, ?> map)) {
            return null;
        }
        Map<Object, @Nullable Object> result = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (Types.isTruthy(callHigher(arguments, arguments.function(1), value, key, map))) {
                result.put(key, value);
            }
        });
        return result.isEmpty() ? null : result;
    }

    static Object each(Arguments arguments) {
        Seq result = Seq.sequence();
        if (arguments.get(0) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                Object mapped = callHigher(arguments, arguments.function(1), value, key, map);
                if (mapped != null) {
                    result.add(mapped);
                }
            });
        }
        return result;
    }

    static @Nullable Object sort(Arguments arguments) {
        List<?> list = arguments.list(0);
        if (list == null || list.size() <= 1) {
            return list;
        }
        if (arguments.get(1) instanceof Callable comparator) {
            return mergeSort(list, (a, b) -> Types.isTruthy(arguments.call(comparator, a, b)));
        }
        if (!Types.allNumbers(list) && !Types.allStrings(list)) {
            throw JsonataException.of("D3070").with("index", 1);
        }
        return mergeSort(list, (a, b) -> Operators.order(a, b) > 0);
    }

    /**
     * A stable sort that asks for each pair only whether it must be swapped, so that an inconsistent comparator gives an
     * odd order rather than an exception.
     */
    static List<?> mergeSort(List<?> list, BiPredicate<@Nullable Object, @Nullable Object> swap) {
        if (list.size() <= 1) {
            return list;
        }
        int middle = list.size() / 2;
        List<?> left = mergeSort(list.subList(0, middle), swap);
        List<?> right = mergeSort(list.subList(middle, list.size()), swap);
        Seq merged = new Seq();
        int i = 0;
        int j = 0;
        while (i < left.size() && j < right.size()) {
            merged.add(swap.test(left.get(i), right.get(j)) ? right.get(j++) : left.get(i++));
        }
        merged.addAll(left.subList(i, left.size()));
        merged.addAll(right.subList(j, right.size()));
        return merged;
    }

    // Arrays

    static Object zip(Arguments arguments) {
        int length = Integer.MAX_VALUE;
        for (Object value : arguments.values()) {
            length = Math.min(length, value instanceof List<?> list ? list.size() : 0);
        }
        Seq result = new Seq();
        for (int i = 0; i < length && !arguments.values().isEmpty(); i++) {
            Seq tuple = new Seq();
            for (Object value : arguments.values()) {
                tuple.add(((List<?>) value).get(i));
            }
            result.add(tuple);
        }
        return result;
    }

    static @Nullable Object reverse(Arguments arguments) {
        List<?> list = arguments.list(0);
        if (list == null || list.size() <= 1) {
            return list;
        }
        Seq result = new Seq(list);
        java.util.Collections.reverse(result);
        return result;
    }

    static @Nullable Object shuffle(Arguments arguments) {
        List<?> list = arguments.list(0);
        if (list == null || list.size() <= 1) {
            return list;
        }
        Seq result = new Seq(list);
        for (int i = result.size() - 1; i > 0; i--) {
            int j = (int) (arguments.evaluator().scope().random().nextDouble() * (i + 1));
            java.util.Collections.swap(result, i, j);
        }
        return result;
    }

    static @Nullable Object distinct(Arguments arguments) {
        if (!(arguments.get(0) instanceof List<?> list) || list.size() <= 1) {
            return arguments.get(0);
        }
        Seq result = new Seq();
        result.sequence = Seq.isSequence(list);
        Set<Object> simple = new LinkedHashSet<>();
        for (Object value : list) {
            boolean scalar = value instanceof String || value instanceof Boolean || value instanceof Long;
            boolean seen = scalar ? !simple.add(value) : contains(result, value);
            if (!seen) {
                result.add(value);
            }
        }
        return result;
    }

    private static boolean contains(List<?> list, @Nullable Object value) {
        for (Object element : list) {
            if (Types.deepEquals(element, value)) {
                return true;
            }
        }
        return false;
    }

    static @Nullable Object partition(Arguments arguments) {
        List<?> list = arguments.list(0);
        Double size = arguments.number(1);
        if (list == null || list.isEmpty() || size == null || size < 1) {
            return null;
        }
        int chunk = (int) Math.min(size, list.size());
        Seq chunks = new Seq();
        for (int from = 0; from < list.size(); from += chunk) {
            chunks.add(new Seq(list.subList(from, Math.min(list.size(), from + chunk))));
        }
        return chunks;
    }

    // Objects

    static Object keys(@Nullable Object value) {
        Set<Object> keys = new LinkedHashSet<>();
        collectKeys(value, keys);
        Seq result = Seq.sequence();
        result.addAll(keys);
        return result;
    }

    private static void collectKeys(@Nullable Object value, Set<Object> keys) {
        if (value instanceof List<?> list) {
            list.forEach(element -> collectKeys(element, keys));
        } else if (value instanceof Map<?, ?> map) {
            keys.addAll(map.keySet());
        }
    }

    static @Nullable Object spread(@Nullable Object value) {
        if (value instanceof List<?> list) {
            Object result = Seq.sequence();
            for (Object element : list) {
                result = append(result, spread(element));
            }
            return result;
        }
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Seq result = Seq.sequence();
        map.forEach((key, element) -> {
            Map<Object, @Nullable Object> single = new LinkedHashMap<>();
            single.put(key, element);
            result.add(single);
        });
        return result;
    }

    static @Nullable Object merge(Arguments arguments) {
        List<?> list = arguments.list(0);
        if (list == null) {
            return null;
        }
        Map<Object, @Nullable Object> result = new LinkedHashMap<>();
        for (Object element : list) {
            if (element instanceof Map<?, ?> map) {
                result.putAll(map);
            }
        }
        return result;
    }

    static @Nullable Object range(Arguments arguments) {
        Double first = arguments.number(0);
        Double last = arguments.number(1);
        Double by = arguments.number(2);
        if (first == null || last == null || by == null || (long) (double) by == 0) {
            return null;
        }
        long start = (long) (double) first;
        long end = (long) (double) last;
        long step = (long) (double) by;
        if (step > 0 ? start > end : start < end) {
            return null;
        }
        long size = (end - start) / step + 1;
        if (size > LARGEST_RANGE) {
            Evaluator.checkSize(Long.MAX_VALUE);
        }
        List<Object> values = new ArrayList<>((int) size);
        for (long i = 0; i < size; i++) {
            values.add(start + i * step);
        }
        Seq result = new Seq(values);
        result.sequence = true;
        return result;
    }

    /** The most elements that {@code $range} gives. */
    private static final long LARGEST_RANGE = 360_145;
}
