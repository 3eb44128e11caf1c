package io.reelbatch.engine.jsonata;

import io.reelbatch.engine.jsonata.Ast.Form;
import io.reelbatch.engine.jsonata.Ast.Pair;
import io.reelbatch.engine.jsonata.Ast.Term;
import io.reelbatch.engine.jsonata.Tokenizer.Kind;
import io.reelbatch.engine.jsonata.Tokenizer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the tree of an expression by operator precedence; {@link TreeShaper} then gives it its final form. */
final class Parser {
    private static final Set<String> BINARY = Set.of(
            ".", "+", "-", "*", "/", "%", "=", "<", ">", "!=", "<=", ">=", "&", "and", "or", "in", "~>", "(", "[", "^",
            "{", ":=", "@", "#", "?");
    private static final Set<String> UNKNOWN = Set.of("!", "~");

    private final Tokenizer tokenizer;
    private Token token = new Token(Kind.END, "(end)");

    private Parser(String source) {
        this.tokenizer = new Tokenizer(source);
    }

    /** Parses an expression; throws {@link JsonataException} if it is none. */
    static Ast parse(String source) {
        Parser parser = new Parser(source);
        parser.advance(false);
        Ast tree = parser.expression(0);
        if (parser.token.kind() != Kind.END) {
            throw JsonataException.of("S0201").token(Tokenizer.shown(parser.token));
        }
        return TreeShaper.shape(tree);
    }

    private void advance(boolean afterOperand) {
        token = tokenizer.next(afterOperand);
        if (token.kind() == Kind.OPERATOR && UNKNOWN.contains(token.value())) {
            throw JsonataException.of("S0204").token(token.value());
        }
    }

    private void expect(String operator, boolean afterOperand) {
        if (!isOperator(operator)) {
            throw JsonataException.of(token.kind() == Kind.END ? "S0203" : "S0202")
                    .value(operator)
                    .token(Tokenizer.shown(token));
        }
        advance(afterOperand);
    }

    private boolean isOperator(String operator) {
        return token.kind() == Kind.OPERATOR && token.value().equals(operator);
    }

    private Ast expression(int rightBindingPower) {
        Token first = token;
        advance(true);
        Ast left = prefix(first);
        while (rightBindingPower < bindingPower()) {
            String operator = String.valueOf(token.value());
            advance(false);
            left = infix(operator, left);
        }
        return left;
    }

    private int bindingPower() {
        if (token.kind() != Kind.OPERATOR) {
            return 0;
        }
        String operator = String.valueOf(token.value());
        return BINARY.contains(operator) ? power(operator) : 0;
    }

    private static int power(String operator) {
        return Tokenizer.OPERATORS.getOrDefault(operator, 0);
    }

    private Ast prefix(Token first) {
        return switch (first.kind()) {
            case NAME -> new Ast(Form.NAME, first.value());
            case VARIABLE -> new Ast(Form.VARIABLE, first.value());
            case STRING -> new Ast(Form.STRING, first.value());
            case NUMBER -> new Ast(Form.NUMBER, first.value());
            case VALUE -> new Ast(Form.VALUE, first.value());
            case REGEX -> {
                Ast regex = new Ast(Form.REGEX, "regex");
                regex.regex = (java.util.regex.Pattern) first.value();
                yield regex;
            }
            case END -> new Ast(Form.END, "(end)");
            case OPERATOR -> prefixOperator(String.valueOf(first.value()));
        };
    }

    private Ast prefixOperator(String operator) {
        return switch (operator) {
            case "and", "or", "in" -> new Ast(Form.OPERATOR, operator);
            case "-" -> {
                Ast negation = new Ast(Form.UNARY, "-");
                negation.left = expression(70);
                yield negation;
            }
            case "*" -> new Ast(Form.WILDCARD, operator);
            case "**" -> new Ast(Form.DESCENDANT, operator);
            case "%" -> new Ast(Form.PARENT, operator);
            case "(" -> block();
            case "[" -> array();
            case "{" -> object(null);
            case "|" -> transform();
            default -> throw JsonataException.of("S0211").token(operator);
        };
    }

    private Ast block() {
        Ast block = new Ast(Form.BLOCK, "(");
        while (!isOperator(")")) {
            block.children.add(expression(0));
            if (!isOperator(";")) {
                break;
            }
            expect(";", false);
        }
        expect(")", true);
        return block;
    }

    private Ast array() {
        Ast array = new Ast(Form.UNARY, "[");
        if (!isOperator("]")) {
            array.children.add(item());
            while (isOperator(",")) {
                expect(",", false);
                array.children.add(item());
            }
        }
        expect("]", true);
        return array;
    }

    private Ast item() {
        Ast item = expression(0);
        if (!isOperator("..")) {
            return item;
        }
        Ast range = new Ast(Form.BINARY, "..");
        range.left = item;
        expect("..", false);
        range.right = expression(0);
        return range;
    }

    private Ast object(@Nullable Ast left) {
        Ast object = new Ast(left == null ? Form.UNARY : Form.BINARY, "{");
        object.left = left;
        if (!isOperator("}")) {
            object.pairs.add(pair());
            while (isOperator(",")) {
                expect(",", false);
                object.pairs.add(pair());
            }
        }
        expect("}", true);
        return object;
    }

    private Pair pair() {
        Ast key = expression(0);
        expect(":", false);
        return new Pair(key, expression(0));
    }

    private Ast transform() {
        Ast transform = new Ast(Form.TRANSFORM, "|");
        transform.left = expression(0);
        expect("|", false);
        transform.right = expression(0);
        if (isOperator(",")) {
            expect(",", false);
            transform.otherwise = expression(0);
        }
        expect("|", false);
        return transform;
    }

    private Ast infix(String operator, Ast left) {
        return switch (operator) {
            case "(" -> call(left);
            case "[" -> bracket(left);
            case "{" -> object(left);
            case "^" -> orderBy(left);
            case "?" -> condition(left);
            case ":=" -> {
                if (left.type != Form.VARIABLE) {
                    throw JsonataException.of("S0212").token(left.value);
                }
                yield binary(operator, left, power(operator) - 1);
            }
            case "@", "#" -> {
                Ast binding = binary(operator, left, power(operator));
                if (binding.rhs().type != Form.VARIABLE) {
                    throw JsonataException.of("S0214").token(operator);
                }
                yield binding;
            }
            default -> binary(operator, left, power(operator));
        };
    }

    private Ast binary(String operator, Ast left, int power) {
        Ast binary = new Ast(Form.BINARY, operator);
        binary.left = left;
        binary.right = expression(power);
        return binary;
    }

    private Ast condition(Ast left) {
        Ast condition = new Ast(Form.CONDITION, "?");
        condition.left = left;
        condition.right = expression(0);
        if (isOperator(":")) {
            expect(":", false);
            condition.otherwise = expression(0);
        }
        return condition;
    }

    private Ast bracket(Ast left) {
        if (isOperator("]")) {
            Ast step = left;
            while (step.is(Form.BINARY, "[")) {
                step = step.lhs();
            }
            step.keepArray = true;
            expect("]", false);
            return left;
        }
        Ast filter = binary("[", left, 0);
        expect("]", true);
        return filter;
    }

    private Ast orderBy(Ast left) {
        expect("(", false);
        Ast sort = new Ast(Form.BINARY, "^");
        sort.left = left;
        sort.terms.add(term());
        while (isOperator(",")) {
            expect(",", false);
            sort.terms.add(term());
        }
        expect(")", false);
        return sort;
    }

    private Term term() {
        boolean descending = isOperator(">");
        if (descending || isOperator("<")) {
            advance(false);
        }
        return new Term(descending, expression(0));
    }

    private Ast call(Ast left) {
        Ast call = new Ast(Form.FUNCTION, "(");
        call.left = left;
        if (!isOperator(")")) {
            argument(call);
            while (isOperator(",")) {
                expect(",", false);
                argument(call);
            }
        }
        expect(")", true);
        boolean lambda = left.is(Form.NAME, "function") || left.is(Form.NAME, "\u03BB");
        return lambda ? lambda(call) : call;
    }

    private void argument(Ast call) {
        if (isOperator("?")) {
            call.type = Form.PARTIAL;
            call.children.add(new Ast(Form.OPERATOR, "?"));
            expect("?", false);
        } else {
            call.children.add(expression(0));
        }
    }

    private Ast lambda(Ast call) {
        Ast lambda = new Ast(Form.LAMBDA, "function");
        List<Ast> parameters = new ArrayList<>(call.children);
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).type != Form.VARIABLE) {
                throw JsonataException.of("S0208").value(i + 1).token(parameters.get(i).value);
            }
        }
        lambda.children = parameters;
        if (isOperator("<")) {
            lambda.signature = signature();
        }
        expect("{", false);
        lambda.right = expression(0);
        expect("}", false);
        return lambda;
    }

    private Signature signature() {
        StringBuilder text = new StringBuilder("<");
        int depth = 1;
        while (depth > 0 && !isOperator("{") && token.kind() != Kind.END) {
            advance(false);
            if (isOperator(">")) {
                depth--;
            } else if (isOperator("<")) {
                depth++;
            }
            text.append(token.value());
        }
        expect(">", false);
        return Signature.parse(text.toString());
    }
}
