package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.data.Data;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names that a program gives to what all its processes share. */
final class Names {

    private static final int MAX_CHARACTERS = 255;

    private Names() {}

    static String checked(String call, String name) {
        if (Check.given(call, name).isEmpty() || name.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(call + "(" + (name.isEmpty() ? "\"\"" : name.length() + " characters")
                    + "): a name has 1 to " + MAX_CHARACTERS + " characters");
        }
        return name;
    }

    /** Fields with their bytes at hand. */
    static Map<String, Data> encoded(FaceState<?> state, String call, Map<String, ?> fields) {
        var encoded = new LinkedHashMap<String, Data>();
        fields.forEach((name, value) -> encoded.put(checked(call, name), state.encoded(call, value)));
        return encoded;
    }
}
