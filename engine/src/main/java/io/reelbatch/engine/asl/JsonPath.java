package io.reelbatch.engine.asl;

import java.util.regex.Pattern;

/** JSON paths as problems show them. */
public final class JsonPath {
    private static final Pattern SIMPLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    private JsonPath() {}

    /** The path of a field: with a dot where its name allows that, in brackets otherwise. */
    public static String child(String path, String name) {
        return SIMPLE_NAME.matcher(name).matches() ? path + "." + name : path + "['" + name.replace("'", "\\'") + "']";
    }
}
