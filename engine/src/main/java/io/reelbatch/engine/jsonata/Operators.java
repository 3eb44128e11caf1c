package io.reelbatch.engine.jsonata;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** What the operators do with their operands. */
final class Operators {
    static final int UNDEFINED_LAST = 2;
    static final int UNDEFINED_FIRST = -2;

    private Operators() {}

    static @Nullable Object arithmetic(@Nullable Object left, @Nullable Object right, String operator) {
        if (left != null && !Types.isNumeric(left)) {
            throw JsonataException.of("T2001").value(left);
        }
        if (right != null && !Types.isNumeric(right)) {
            throw JsonataException.of("T2002").value(right);
        }
        if (left == null || right == null) {
            return null;
        }
        double a = ((Number) left).doubleValue();
        double b = ((Number) right).doubleValue();
        return Numbers.of(
                switch (operator) {
                    case "+" -> a + b;
                    case "-" -> a - b;
                    case "*" -> a * b;
                    case "/" -> a / b;
                    default -> a % b;
                });
    }

    static @Nullable Object compare(@Nullable Object left, @Nullable Object right, String operator) {
        if ((left != null && !Types.isComparable(left)) || (right != null && !Types.isComparable(right))) {
            throw JsonataException.of("T2010").value(Types.isComparable(left) ? right : left);
        }
        if (left == null || right == null) {
            return null;
        }
        if (left instanceof String != right instanceof String) {
            throw JsonataException.of("T2009").value(left).with("value2", right);
        }
        if (left instanceof Number a && right instanceof Number b) {
            double x = a.doubleValue();
            double y = b.doubleValue();
            return switch (operator) {
                case "<" -> x < y;
                case "<=" -> x <= y;
                case ">" -> x > y;
                default -> x >= y;
            };
        }
        int order = ((String) left).compareTo((String) right);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /** The order of two values of an order-by term: -1, 0 or 1, or where an undefined one goes. */
    static int order(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return left != null ? UNDEFINED_FIRST : right != null ? UNDEFINED_LAST : 0;
        }
        if (!Types.isComparable(left) || !Types.isComparable(right)) {
            throw JsonataException.of("T2008").value(Types.isComparable(left) ? right : left);
        }
        if (left instanceof String != right instanceof String) {
            throw JsonataException.of("T2007").value(left).with("value2", right);
        }
        return Integer.signum(
                left instanceof String text
                        ? text.compareTo((String) right)
                        : Double.compare(((Number) left).doubleValue(), ((Number) right).doubleValue()));
    }

    static String concatenate(@Nullable Object left, @Nullable Object right) {
        String first = left == null ? "" : Text.of(left, false);
        String second = right == null ? "" : Text.of(right, false);
        Evaluator.checkSize((long) first.length() + second.length());
        return first.concat(second);
    }

    static boolean isIn(@Nullable Object value, @Nullable Object container) {
        if (value == null || container == null) {
            return false;
        }
        if (!(container instanceof List<?> list)) {
            return same(value, container);
        }
        for (Object element : list) {
            if (same(value, element)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(Object value, @Nullable Object element) {
        return !(value instanceof List) && !(value instanceof java.util.Map) && Types.deepEquals(value, element);
    }

    static @Nullable Object range(@Nullable Object first, @Nullable Object last) {
        if (first != null && !(first instanceof Number from && Numbers.isInteger(from))) {
            throw JsonataException.of("T2003").value(first);
        }
        if (last != null && !(last instanceof Number to && Numbers.isInteger(to))) {
            throw JsonataException.of("T2004").value(last);
        }
        if (first == null || last == null) {
            return null;
        }
        double from = ((Number) first).doubleValue();
        double size = ((Number) last).doubleValue() - from + 1;
        if (size <= 0) {
            return null;
        }
        if (size > 1e7) {
            throw JsonataException.of("D2014").value(Numbers.of(size));
        }
        Evaluator.checkSize(8L * (long) size);
        Seq range = new Seq(new Range((long) from, (int) size));
        range.sequence = true;
        return range;
    }

    /** Consecutive integers. */
    private static final class Range extends AbstractList<Object> implements RandomAccess {
        private final long first;
        private final int size;

        Range(long first, int size) {
            this.first = first;
            this.size = size;
        }

        @Override
        public Object get(int index) {
            return first + index;
        }

        @Override
        public int size() {
            return size;
        }
    }
}
