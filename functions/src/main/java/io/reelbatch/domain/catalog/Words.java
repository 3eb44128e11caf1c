package io.reelbatch.domain.catalog;

import java.util.List;

/** Lists as people write them. */
final class Words {
    private Words() {}

    /** {@code a}, {@code a or b}, {@code a, b or c}. */
    static String anyOf(List<String> choices) {
        int last = choices.size() - 1;
        return last < 1
                ? String.join("", choices)
                : String.join(", ", choices.subList(0, last)) + " or " + choices.get(last);
    }
}
