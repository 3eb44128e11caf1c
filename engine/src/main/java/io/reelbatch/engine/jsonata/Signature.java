package io.reelbatch.engine.jsonata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a function says about its arguments, such as {@code <s-nn?:s>}: checks them, and fills in the context. */
final class Signature {
    private static final Map<String, String> PLURALS =
            Map.of("a", "arrays", "b", "booleans", "f", "functions", "n", "numbers", "o", "objects", "s", "strings");

    private final List<Parameter> parameters;
    private final Pattern pattern;

    /** One parameter while it is read and after. */
    private static final class Parameter {
        private final String type;
        private String regex;
        private @Nullable Pattern context;
        private @Nullable String subtype;

        Parameter(String type, String regex) {
            this.type = type;
            this.regex = regex;
        }
    }

    private Signature(List<Parameter> parameters) {
        this.parameters = parameters;
        StringBuilder whole = new StringBuilder();
        parameters.forEach(
                parameter -> whole.append('(').append(parameter.regex).append(')'));
        this.pattern = Pattern.compile(whole.toString());
    }

    /** Reads a signature with its angle brackets. */
    static Signature parse(String text) {
        List<Parameter> parameters = new ArrayList<>();
        int position = 1;
        while (position < text.length() && text.charAt(position) != ':') {
            char symbol = text.charAt(position);
            switch (symbol) {
                case 's', 'n', 'b', 'l', 'o' -> parameters.add(new Parameter("" + symbol, "[" + symbol + "m]"));
                case 'a', 'x' -> parameters.add(new Parameter("" + symbol, "[asnblfom]"));
                case 'f' -> parameters.add(new Parameter("f", "f"));
                case 'j' -> parameters.add(new Parameter("j", "[asnblom]"));
                case '-' -> useContext(last(parameters));
                case '?', '+' -> last(parameters).regex += symbol;
                case '(' -> {
                    int end = closing(text, position, '(', ')');
                    String choice = text.substring(position + 1, end);
                    if (choice.indexOf('<') >= 0) {
                        throw JsonataException.of("S0402").value(choice);
                    }
                    parameters.add(new Parameter("(" + choice + ")", "[" + choice + "m]"));
                    position = end;
                }
                case '<' -> {
                    int end = closing(text, position, '<', '>');
                    Parameter parameter = last(parameters);
                    if (!parameter.type.equals("a") && !parameter.type.equals("f")) {
                        throw JsonataException.of("S0401").value(parameter.type);
                    }
                    parameter.subtype = text.substring(position + 1, end);
                    position = end;
                }
                default -> {}
            }
            position++;
        }
        return new Signature(parameters);
    }

    private static void useContext(Parameter parameter) {
        parameter.context = Pattern.compile(parameter.regex);
        parameter.regex += "?";
    }

    private static Parameter last(List<Parameter> parameters) {
        if (parameters.isEmpty()) {
            throw JsonataException.of("S0401");
        }
        return parameters.get(parameters.size() - 1);
    }

    private static int closing(String text, int start, char open, char close) {
        int depth = 1;
        int position = start;
        while (++position < text.length()) {
            if (text.charAt(position) == close && --depth == 0) {
                break;
            } else if (text.charAt(position) == open) {
                depth++;
            }
        }
        return position;
    }

    private static char symbol(@Nullable Object value) {
        if (value instanceof Callable) {
            return 'f';
        } else if (value instanceof String) {
            return 's';
        } else if (value instanceof Number) {
            return 'n';
        } else if (value instanceof Boolean) {
            return 'b';
        } else if (value instanceof List) {
            return 'a';
        } else if (value instanceof Map) {
            return 'o';
        }
        return value == null ? 'm' : 'l';
    }

    private static String symbols(List<?> values) {
        StringBuilder symbols = new StringBuilder();
        values.forEach(value -> symbols.append(symbol(value)));
        return symbols.toString();
    }

    /** The arguments as the function gets them; throws if they are not what it takes. */
    List<@Nullable Object> validate(List<?> arguments, @Nullable Object context) {
        String supplied = symbols(arguments);
        Matcher match = pattern.matcher(supplied);
        if (!match.matches()) {
            throw mismatch(arguments, supplied);
        }
        List<@Nullable Object> validated = new ArrayList<>();
        int index = 0;
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            String part = match.group(i + 1);
            if (part.isEmpty()) {
                if (parameter.context != null) {
                    validated.add(context(parameter.context, context, index));
                } else {
                    validated.add(index < arguments.size() ? arguments.get(index) : null);
                    index++;
                }
            }
            for (int j = 0; j < part.length(); j++) {
                Object argument = arguments.get(index);
                validated.add(
                        parameter.type.equals("a")
                                ? array(parameter, part, part.charAt(j), argument, index)
                                : argument);
                index++;
            }
        }
        return validated;
    }

    private static @Nullable Object context(Pattern accepted, @Nullable Object context, int index) {
        if (!accepted.matcher(String.valueOf(symbol(context))).matches()) {
            throw JsonataException.of("T0411").value(context).with("index", index + 1);
        }
        return context;
    }

    private static @Nullable Object array(
            Parameter parameter, String part, char single, @Nullable Object argument, int index) {
        if (single == 'm') {
            return null;
        }
        String subtype = parameter.subtype;
        boolean fits = subtype == null
                || (argument instanceof List<?> list ? allAre(list, subtype.charAt(0)) : part.equals(subtype));
        if (!fits) {
            throw JsonataException.of("T0412")
                    .value(argument)
                    .with("index", index + 1)
                    .with("type", PLURALS.get(subtype));
        }
        return argument instanceof List ? argument : new Seq(java.util.Collections.singletonList(argument));
    }

    private static boolean allAre(List<?> list, char type) {
        for (Object element : list) {
            if (symbol(element) != type) {
                return false;
            }
        }
        return true;
    }

    private JsonataException mismatch(List<?> arguments, String supplied) {
        StringBuilder partial = new StringBuilder();
        int goodTo = 0;
        for (Parameter parameter : parameters) {
            partial.append(parameter.regex);
            Matcher match = Pattern.compile(partial.toString()).matcher(supplied);
            if (!match.lookingAt()) {
                break;
            }
            goodTo = match.end();
        }
        return JsonataException.of("T0410")
                .value(goodTo < arguments.size() ? arguments.get(goodTo) : null)
                .with("index", goodTo + 1);
    }
}
