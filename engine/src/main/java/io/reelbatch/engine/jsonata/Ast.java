package io.reelbatch.engine.jsonata;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A node of a parsed expression. The parser fills it in; afterwards it does not change. */
final class Ast {
    /** What a node is. */
    enum Form {
        PATH,
        BINARY,
        UNARY,
        NAME,
        STRING,
        NUMBER,
        VALUE,
        WILDCARD,
        DESCENDANT,
        PARENT,
        CONDITION,
        BLOCK,
        BIND,
        REGEX,
        FUNCTION,
        PARTIAL,
        LAMBDA,
        VARIABLE,
        APPLY,
        TRANSFORM,
        SORT,
        OPERATOR,
        END
    }

    /** A key and its value in an object constructor or a grouping. */
    record Pair(Ast key, Ast value) {}

    /** A term of an order-by. */
    record Term(boolean descending, Ast expression) {}

    /** A filter, or a variable that gets the position. */
    record Stage(@Nullable Ast filter, String index) {}

    /** Where the value of a {@code %} comes from. */
    static final class Slot {
        String label;
        int level = 1;
        final int index;

        Slot(String label, int index) {
            this.label = label;
            this.index = index;
        }
    }

    Form type;
    Object value;

    @Nullable
    Ast left;

    @Nullable
    Ast right;

    @Nullable
    Ast otherwise;

    List<Ast> children = new ArrayList<>();
    List<Pair> pairs = new ArrayList<>();
    List<Term> terms = new ArrayList<>();

    @Nullable
    Signature signature;

    @Nullable
    Pattern regex;

    @Nullable
    List<Stage> predicate;

    @Nullable
    List<Stage> stages;

    @Nullable
    List<Pair> group;

    @Nullable
    String focus;

    @Nullable
    String index;

    @Nullable
    Slot slot;

    @Nullable
    Slot ancestor;

    @Nullable
    List<Slot> seekingParent;

    boolean keepArray;
    boolean keepSingletonArray;
    boolean consarray;
    boolean tuple;
    boolean thunk;

    Ast(Form type, Object value) {
        this.type = type;
        this.value = value;
    }

    boolean is(Form wanted, String text) {
        return type == wanted && text.equals(value);
    }

    String text() {
        return String.valueOf(value);
    }

    Ast lhs() {
        return present(left);
    }

    Ast rhs() {
        return present(right);
    }

    private static Ast present(@Nullable Ast node) {
        if (node == null) {
            throw new IllegalStateException("the parser left out an operand");
        }
        return node;
    }

    /** The first step of a path. */
    Ast firstStep() {
        return children.get(0);
    }

    Ast lastStep() {
        return children.get(children.size() - 1);
    }
}
