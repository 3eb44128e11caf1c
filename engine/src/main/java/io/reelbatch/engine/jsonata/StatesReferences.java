package io.reelbatch.engine.jsonata;

import io.reelbatch.engine.jsonata.Ast.Form;
import io.reelbatch.engine.jsonata.Ast.Pair;
import io.reelbatch.engine.jsonata.Ast.Stage;
import io.reelbatch.engine.jsonata.Ast.Term;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what an expression takes from {@code $states}. */
final class StatesReferences {
    private StatesReferences() {}

    /** Whether {@code $states.name} occurs anywhere in the tree. */
    static boolean contains(Ast tree, String name) {
        if (tree.type == Form.PATH
                && tree.children.size() > 1
                && tree.firstStep().is(Form.VARIABLE, "states")
                && tree.children.get(1).is(Form.NAME, name)) {
            return true;
        }
        for (Ast part : parts(tree)) {
            if (contains(part, name)) {
                return true;
            }
        }
        return false;
    }

    private static List<Ast> parts(Ast node) {
        List<Ast> parts = new ArrayList<>(node.children);
        add(parts, node.left);
        add(parts, node.right);
        add(parts, node.otherwise);
        addPairs(parts, node.pairs);
        addPairs(parts, node.group);
        addStages(parts, node.predicate);
        addStages(parts, node.stages);
        for (Term term : node.terms) {
            parts.add(term.expression());
        }
        return parts;
    }

    private static void add(List<Ast> parts, @Nullable Ast part) {
        if (part != null) {
            parts.add(part);
        }
    }

    private static void addPairs(List<Ast> parts, @Nullable List<Pair> pairs) {
        if (pairs != null) {
            for (Pair pair : pairs) {
                parts.add(pair.key());
                parts.add(pair.value());
            }
        }
    }

    private static void addStages(List<Ast> parts, @Nullable List<Stage> stages) {
        if (stages != null) {
            for (Stage stage : stages) {
                add(parts, stage.filter());
            }
        }
    }
}
