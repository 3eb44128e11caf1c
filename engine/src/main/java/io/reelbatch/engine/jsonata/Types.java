package io.reelbatch.engine.jsonata;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What values are. Undefined is null; JSON's null is {@link #NULL}. */
final class Types {
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private Types() {}

    /** Whether it is a number that JSON can hold; an infinite one is an error. */
    static boolean isNumeric(@Nullable Object value) {
        if (!(value instanceof Number number)) {
            return false;
        }
        double magnitude = number.doubleValue();
        if (Double.isInfinite(magnitude)) {
            throw JsonataException.of("D1001").value(value);
        }
        return !Double.isNaN(magnitude);
    }

    static boolean allNumbers(@Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            return false;
        }
        for (Object element : list) {
            if (!isNumeric(element)) {
                return false;
            }
        }
        return true;
    }

    static boolean allStrings(@Nullable Object value) {
        return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
    }

    static boolean isComparable(@Nullable Object value) {
        return value instanceof String || value instanceof Number;
    }

    /** The Boolean that a value stands for; null if it is undefined. */
    static @Nullable Boolean toBoolean(@Nullable Object value) {
        return value == null ? null : isTruthy(value);
    }

    static boolean isTruthy(@Nullable Object value) {
        if (value instanceof List<?> list) {
            for (Object element : list) {
                if (isTruthy(element)) {
                    return true;
                }
            }
            return false;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof Number number) {
            return isNumeric(value) && number.doubleValue() != 0;
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return Boolean.TRUE.equals(value);
    }

    static boolean deepEquals(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Number a && right instanceof Number b) {
            boolean exact = a instanceof Long && b instanceof Long;
            return exact ? a.longValue() == b.longValue() : a.doubleValue() == b.doubleValue();
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return listsEqual(a, b);
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return mapsEqual(a, b);
        }
        if (left instanceof Callable || right instanceof Callable) {
            return sameObject(left, right);
        }
        return left != null && left.equals(right);
    }

    @SuppressWarnings("ReferenceEquality") // functions are equal only to themselves
    private static boolean sameObject(@Nullable Object left, @Nullable Object right) {
        return left == right;
    }

    private static boolean listsEqual(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!deepEquals(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean mapsEqual(Map<?, ?> left, Map<?, ?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : left.entrySet()) {
            if (!right.containsKey(entry.getKey()) || !deepEquals(entry.getValue(), right.get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /** The name of a value's type; null if it is undefined. */
    static @Nullable String name(@Nullable Object value) {
        if (value == null) {
            return null;
        } else if (value.equals(NULL)) {
            return "null";
        } else if (value instanceof Number) {
            return isNumeric(value) ? "number" : "object";
        } else if (value instanceof String) {
            return "string";
        } else if (value instanceof Boolean) {
            return "boolean";
        } else if (value instanceof List) {
            return "array";
        }
        return value instanceof Callable ? "function" : "object";
    }
}
