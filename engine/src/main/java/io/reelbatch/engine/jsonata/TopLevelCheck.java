package io.reelbatch.engine.jsonata;

import io.reelbatch.engine.jsonata.Ast.Form;
import org.jspecify.annotations.Nullable;

/**
 * Refuses names that nothing can answer: an expression in Step Functions has no context at the top level, so the first
 * step of a path there must be a variable.
 */
final class TopLevelCheck {
    private TopLevelCheck() {}

    static void check(Ast tree) {
        visit(tree, true);
    }

    private static void visit(@Nullable Ast node, boolean top) {
        if (node == null) {
            return;
        }
        if (node.is(Form.VARIABLE, "$")) {
            throw JsonataException.plain("Reference to '$$' is not supported.");
        }
        if (node.type == Form.PATH) {
            path(node, top);
        } else {
            node.children.forEach(child -> visit(child, top && node.type != Form.LAMBDA));
            visit(node.left, top && node.type != Form.TRANSFORM);
            visit(node.right, top && node.type != Form.TRANSFORM);
            visit(node.otherwise, top && node.type != Form.TRANSFORM);
            node.pairs.forEach(pair -> {
                visit(pair.key(), top);
                visit(pair.value(), top);
            });
        }
        node.terms.forEach(term -> visit(term.expression(), false));
        if (node.group != null) {
            node.group.forEach(pair -> {
                visit(pair.key(), false);
                visit(pair.value(), false);
            });
        }
        stages(node);
    }

    private static void path(Ast path, boolean top) {
        Ast first = path.firstStep();
        if (top && first.type == Form.NAME) {
            throw JsonataException.plain("Reference to '" + first.text() + "' at the top level is not supported.");
        }
        boolean context = top;
        for (Ast step : path.children) {
            visit(step, context);
            context = false;
        }
    }

    private static void stages(Ast node) {
        for (var stages : java.util.Arrays.asList(node.stages, node.predicate)) {
            if (stages != null) {
                stages.forEach(stage -> visit(stage.filter(), false));
            }
        }
    }
}
