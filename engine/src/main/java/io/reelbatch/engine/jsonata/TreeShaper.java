package io.reelbatch.engine.jsonata;

import io.reelbatch.engine.jsonata.Ast.Form;
import io.reelbatch.engine.jsonata.Ast.Pair;
import io.reelbatch.engine.jsonata.Ast.Slot;
import io.reelbatch.engine.jsonata.Ast.Stage;
import io.reelbatch.engine.jsonata.Ast.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Turns what the parser built into what the evaluator runs: paths with steps, stages, and resolved parents. */
final class TreeShaper {
    private final List<Slot> slots = new ArrayList<>();

    private TreeShaper() {}

    static Ast shape(Ast tree) {
        Ast shaped = new TreeShaper().process(tree);
        if (shaped.type == Form.PARENT || shaped.seekingParent != null) {
            throw JsonataException.of("S0217");
        }
        return shaped;
    }

    private Ast process(Ast node) {
        Ast result = switch (node.type) {
            case BINARY -> binary(node);
            case UNARY -> unary(node);
            case FUNCTION, PARTIAL -> call(node);
            case LAMBDA -> {
                node.right = tailCall(process(node.rhs()));
                yield node;
            }
            case CONDITION -> condition(node);
            case TRANSFORM -> transform(node);
            case BLOCK -> block(node);
            case NAME -> name(node);
            case PARENT -> parent(node);
            case OPERATOR -> operator(node);
            case END -> throw JsonataException.of("S0207").token(node.value);
            default -> node;
        };
        if (node.keepArray) {
            result.keepArray = true;
        }
        return result;
    }

    private static Ast name(Ast node) {
        Ast path = path(node);
        path.keepSingletonArray = node.keepArray;
        return path;
    }

    private static Ast path(Ast step) {
        Ast path = new Ast(Form.PATH, "path");
        path.children.add(step);
        return path;
    }

    private Ast parent(Ast node) {
        Slot slot = new Slot("!" + slots.size(), slots.size());
        slots.add(slot);
        node.slot = slot;
        return node;
    }

    private Ast operator(Ast node) {
        if (node.text().equals("?")) {
            return node;
        }
        node.type = Form.NAME;
        return process(node);
    }

    private Ast unary(Ast node) {
        switch (node.text()) {
            case "[" ->
                node.children.replaceAll(item -> {
                    Ast part = process(item);
                    pushAncestry(node, part);
                    return part;
                });
            case "{" ->
                node.pairs.replaceAll(pair -> {
                    Ast key = process(pair.key());
                    pushAncestry(node, key);
                    Ast value = process(pair.value());
                    pushAncestry(node, value);
                    return new Pair(key, value);
                });
            default -> {
                Ast operand = process(node.lhs());
                if (operand.type == Form.NUMBER) {
                    operand.value = Numbers.of(-((Number) operand.value).doubleValue());
                    return operand;
                }
                node.left = operand;
                pushAncestry(node, operand);
            }
        }
        return node;
    }

    private Ast call(Ast node) {
        node.children.replaceAll(argument -> {
            Ast part = process(argument);
            pushAncestry(node, part);
            return part;
        });
        node.left = process(node.lhs());
        return node;
    }

    private Ast condition(Ast node) {
        node.left = process(node.lhs());
        pushAncestry(node, node.left);
        node.right = process(node.rhs());
        pushAncestry(node, node.right);
        if (node.otherwise != null) {
            node.otherwise = process(node.otherwise);
            pushAncestry(node, node.otherwise);
        }
        return node;
    }

    private Ast transform(Ast node) {
        node.left = process(node.lhs());
        node.right = process(node.rhs());
        if (node.otherwise != null) {
            node.otherwise = process(node.otherwise);
        }
        return node;
    }

    private Ast block(Ast node) {
        node.children.replaceAll(item -> {
            Ast part = process(item);
            pushAncestry(node, part);
            if (part.consarray || (part.type == Form.PATH && part.firstStep().consarray)) {
                node.consarray = true;
            }
            return part;
        });
        return node;
    }

    private Ast binary(Ast node) {
        return switch (node.text()) {
            case "." -> dot(node);
            case "[" -> filter(node);
            case "{" -> group(node);
            case "^" -> orderBy(node);
            case ":=" -> {
                Ast bind = new Ast(Form.BIND, ":=");
                bind.left = process(node.lhs());
                bind.right = process(node.rhs());
                pushAncestry(bind, bind.right);
                yield bind;
            }
            case "@" -> focus(node);
            case "#" -> index(node);
            case "~>" -> {
                Ast apply = new Ast(Form.APPLY, "~>");
                apply.left = process(node.lhs());
                apply.right = process(node.rhs());
                apply.keepArray = apply.left.keepArray || apply.right.keepArray;
                yield apply;
            }
            default -> {
                Ast operation = new Ast(Form.BINARY, node.value);
                operation.left = process(node.lhs());
                operation.right = process(node.rhs());
                pushAncestry(operation, operation.left);
                pushAncestry(operation, operation.right);
                yield operation;
            }
        };
    }

    private Ast dot(Ast node) {
        Ast left = process(node.lhs());
        Ast path = left.type == Form.PATH ? left : path(left);
        if (left.type == Form.PARENT && left.slot != null) {
            path.seekingParent = new ArrayList<>(List.of(left.slot));
        }
        Ast rest = process(node.rhs());
        if (rest.type == Form.PATH) {
            path.children.addAll(rest.children);
        } else {
            if (rest.predicate != null) {
                rest.stages = rest.predicate;
                rest.predicate = null;
            }
            path.children.add(rest);
        }
        for (Ast step : path.children) {
            if (step.type == Form.NUMBER || step.type == Form.VALUE) {
                throw JsonataException.of("S0213").value(step.value);
            }
            if (step.type == Form.STRING) {
                step.type = Form.NAME;
            }
            path.keepSingletonArray |= step.keepArray;
        }
        markConsArray(path.firstStep());
        markConsArray(path.lastStep());
        resolveAncestry(path);
        return path;
    }

    private static void markConsArray(Ast step) {
        if (step.is(Form.UNARY, "[")) {
            step.consarray = true;
        }
    }

    private Ast filter(Ast node) {
        Ast result = process(node.lhs());
        boolean inPath = result.type == Form.PATH;
        Ast step = inPath ? result.lastStep() : result;
        if (step.group != null) {
            throw JsonataException.of("S0209");
        }
        List<Stage> filters = inPath ? step.stages : step.predicate;
        if (filters == null) {
            filters = new ArrayList<>();
        }
        if (inPath) {
            step.stages = filters;
        } else {
            step.predicate = filters;
        }
        Ast predicate = process(node.rhs());
        if (predicate.seekingParent != null) {
            for (Slot slot : predicate.seekingParent) {
                if (slot.level == 1) {
                    seekParent(step, slot);
                } else {
                    slot.level--;
                }
            }
            pushAncestry(step, predicate);
        }
        filters.add(new Stage(predicate, ""));
        return result;
    }

    private Ast group(Ast node) {
        Ast result = process(node.lhs());
        if (result.group != null) {
            throw JsonataException.of("S0210");
        }
        List<Pair> pairs = new ArrayList<>();
        for (Pair pair : node.pairs) {
            pairs.add(new Pair(process(pair.key()), process(pair.value())));
        }
        result.group = pairs;
        return result;
    }

    private Ast orderBy(Ast node) {
        Ast left = process(node.lhs());
        Ast path = left.type == Form.PATH ? left : path(left);
        Ast sort = new Ast(Form.SORT, "^");
        for (Term term : node.terms) {
            Ast expression = process(term.expression());
            pushAncestry(sort, expression);
            sort.terms.add(new Term(term.descending(), expression));
        }
        path.children.add(sort);
        resolveAncestry(path);
        return path;
    }

    private Ast focus(Ast node) {
        Ast result = process(node.lhs());
        Ast step = result.type == Form.PATH ? result.lastStep() : result;
        if (step.stages != null || step.predicate != null) {
            throw JsonataException.of("S0215");
        }
        if (step.type == Form.SORT) {
            throw JsonataException.of("S0216");
        }
        if (node.keepArray) {
            step.keepArray = true;
        }
        step.focus = node.rhs().text();
        step.tuple = true;
        return result;
    }

    private Ast index(Ast node) {
        Ast left = process(node.lhs());
        Ast result = left;
        Ast step = left;
        if (left.type == Form.PATH) {
            step = left.lastStep();
        } else {
            result = path(left);
            if (step.predicate != null) {
                step.stages = step.predicate;
                step.predicate = null;
            }
        }
        String variable = node.rhs().text();
        if (step.stages == null) {
            step.index = variable;
        } else {
            step.stages.add(new Stage(null, variable));
        }
        step.tuple = true;
        return result;
    }

    /** A call in tail position becomes a thunk, so that the caller's loop runs it and the stack stays flat. */
    private static Ast tailCall(Ast node) {
        if (node.type == Form.FUNCTION && node.predicate == null) {
            Ast thunk = new Ast(Form.LAMBDA, "function");
            thunk.thunk = true;
            thunk.right = node;
            return thunk;
        }
        if (node.type == Form.CONDITION) {
            node.right = tailCall(node.rhs());
            if (node.otherwise != null) {
                node.otherwise = tailCall(node.otherwise);
            }
        } else if (node.type == Form.BLOCK && !node.children.isEmpty()) {
            node.children.set(node.children.size() - 1, tailCall(node.lastStep()));
        }
        return node;
    }

    private Slot seekParent(Ast node, Slot given) {
        Slot slot = given;
        switch (node.type) {
            case NAME, WILDCARD -> {
                if (--slot.level == 0) {
                    if (node.ancestor != null) {
                        slots.get(slot.index).label = node.ancestor.label;
                    }
                    node.ancestor = slot;
                    node.tuple = true;
                }
            }
            case PARENT -> slot.level++;
            case BLOCK -> {
                if (!node.children.isEmpty()) {
                    node.tuple = true;
                    slot = seekParent(node.lastStep(), slot);
                }
            }
            case PATH -> {
                node.tuple = true;
                int index = node.children.size() - 1;
                slot = seekParent(node.children.get(index--), slot);
                while (slot.level > 0 && index >= 0) {
                    slot = seekParent(node.children.get(index--), slot);
                }
            }
            default -> throw JsonataException.of("S0217").token(node.type.name().toLowerCase(Locale.ROOT));
        }
        return slot;
    }

    private static void pushAncestry(Ast result, Ast value) {
        if (value.seekingParent == null && value.type != Form.PARENT) {
            return;
        }
        List<Slot> seeking = value.seekingParent == null ? new ArrayList<>() : value.seekingParent;
        if (value.type == Form.PARENT && value.slot != null) {
            seeking.add(value.slot);
        }
        if (result.seekingParent == null) {
            result.seekingParent = seeking;
        } else {
            result.seekingParent.addAll(List.copyOf(seeking));
        }
    }

    private void resolveAncestry(Ast path) {
        Ast last = path.lastStep();
        List<Slot> seeking = last.seekingParent == null ? new ArrayList<>() : last.seekingParent;
        if (last.type == Form.PARENT && last.slot != null) {
            seeking.add(last.slot);
        }
        for (Slot wanted : List.copyOf(seeking)) {
            Slot slot = wanted;
            int index = path.children.size() - 2;
            while (slot.level > 0) {
                if (index < 0) {
                    if (path.seekingParent == null) {
                        path.seekingParent = new ArrayList<>();
                    }
                    path.seekingParent.add(slot);
                    break;
                }
                Ast step = path.children.get(index--);
                while (index >= 0 && step.focus != null && path.children.get(index).focus != null) {
                    step = path.children.get(index--);
                }
                slot = seekParent(step, slot);
            }
        }
    }
}
