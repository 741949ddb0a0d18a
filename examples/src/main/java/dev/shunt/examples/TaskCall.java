package dev.shunt.examples;

import dev.shunt.data.Data;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * A task as it stands on its line, {@code {"function":"send_mail","args":{…}}}. Says what is
 * missing or of the wrong type.
 */
public record TaskCall(String function, JsonNode args) {

    public static TaskCall parse(Data line) {
        JsonNode json = Json.parse(line);
        JsonNode function = json.path("function");
        if (!function.isString()) {
            throw new IllegalArgumentException(
                    "no function is named; send {\"function\":\"send_mail\",\"args\":{...}}");
        }
        return new TaskCall(function.stringValue(), json.path("args"));
    }

    public String text(String name) {
        JsonNode value = args.path(name);
        if (!value.isString()) {
            throw wrong(name, "a text", value);
        }
        return value.stringValue();
    }

    public double number(String name, int min, int max) {
        JsonNode value = args.path(name);
        if (!value.isNumber() || !(value.doubleValue() >= min && value.doubleValue() <= max)) {
            throw wrong(name, "a number from " + min + " to " + max, value);
        }
        return value.doubleValue();
    }

    private IllegalArgumentException wrong(String name, String wanted, JsonNode value) {
        String got =
                value.isNumber()
                        ? value.asString()
                        : value.getNodeType().name().toLowerCase(Locale.ROOT);
        return new IllegalArgumentException(
                function + " wants " + wanted + " as \"" + name + "\" in args, not " + got);
    }
}
