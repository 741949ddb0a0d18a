package dev.shunt.tests;

import dev.shunt.control.ConnectionPage;
import dev.shunt.control.DeadPage;
import dev.shunt.control.Done;
import dev.shunt.control.Health;
import dev.shunt.control.Inspection;
import dev.shunt.control.JobInfo;
import dev.shunt.control.ScheduleInfo;
import dev.shunt.control.TaskInfo;
import dev.shunt.control.TaskPage;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The schema of the documents of docs/control-api.md, as their records are; docs/control-api.schema.json has it. */
final class ControlSchema {

    private static final Map<String, Object> TEXT = Map.of("type", "string");
    private static final Map<String, Object> WHOLE = Map.of("type", List.of("integer", "string"));

    private final Map<String, Object> definitions = new LinkedHashMap<>();

    /** By the name of the document. */
    static Map<String, Object> all() {
        var schema = new ControlSchema();
        var all = new LinkedHashMap<String, Object>();
        all.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        all.put("title", "Documents of the control API; longs beyond 2^53 are strings of digits");
        all.put("$defs", schema.definitions);
        schema.documents();
        return all;
    }

    private void documents() {
        definitions.put("status", record(Inspection.class));
        definitions.put("tasks", record(TaskPage.class));
        definitions.put("task", record(TaskInfo.class));
        definitions.put("dead", record(DeadPage.class));
        definitions.put("schedules", lists("schedules", ScheduleInfo.class));
        var children = new LinkedHashMap<>(lists("children", Inspection.Child.class));
        children.put("properties", Map.of("children", array(record(Inspection.Child.class)), "replaced", WHOLE));
        children.put("required", List.of("children", "replaced"));
        definitions.put("children", children);
        definitions.put("connections", record(ConnectionPage.class));
        definitions.put("groups", lists("groups", Inspection.Group.class));
        definitions.put("nodes", lists("nodes", Inspection.Node.class));
        definitions.put("health", record(Health.class));
        definitions.put("jobs", lists("jobs", JobInfo.class));
        for (var done : Done.class.getPermittedSubclasses()) {
            definitions.put("done-" + snake(done.getSimpleName()), record(done));
        }
        definitions.put("error", object(Map.of("error", TEXT), List.of("error")));
    }

    private static Map<String, Object> lists(String name, Class<?> of) {
        return object(Map.of(name, array(record(of))), List.of(name));
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        var object = new LinkedHashMap<String, Object>();
        object.put("type", "object");
        object.put("properties", properties);
        object.put("required", required);
        return object;
    }

    private static Map<String, Object> array(Map<String, Object> items) {
        return new LinkedHashMap<>(Map.of("type", "array", "items", items));
    }

    private static Map<String, Object> record(Class<?> type) {
        var properties = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        for (RecordComponent field : type.getRecordComponents()) {
            String name = snake(field.getName());
            properties.put(name, of(field.getAnnotatedType()));
            if (!field.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(name);
            }
        }
        return object(properties, required);
    }

    private static Map<String, Object> of(AnnotatedType annotated) {
        Type type = annotated.getType();
        if (annotated instanceof AnnotatedParameterizedType list
                && Collection.class.isAssignableFrom(
                        (Class<?>) ((java.lang.reflect.ParameterizedType) type).getRawType())) {
            return array(of(list.getAnnotatedActualTypeArguments()[0]));
        }
        if (!(type instanceof Class<?> one)) {
            return Map.of("type", "object");
        }
        if (Set.of(long.class, Long.class).contains(one)) {
            return WHOLE;
        }
        if (Set.of(int.class, Integer.class).contains(one)) {
            return Map.of("type", "integer");
        }
        if (Set.of(double.class, Double.class).contains(one)) {
            return Map.of("type", "number");
        }
        if (Set.of(boolean.class, Boolean.class).contains(one)) {
            return Map.of("type", "boolean");
        }
        if (one.equals(Instant.class)) {
            return Map.of("type", "string", "format", "date-time");
        }
        if (one.isRecord()) {
            return record(one);
        }
        return one.equals(String.class) ? TEXT : Map.of();
    }

    private static String snake(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    /** What of a value is not as this schema says, field by field; a field that it does not know is, too. */
    static List<String> problems(Map<?, ?> schema, @Nullable Object value, String at) {
        var problems = new ArrayList<String>();
        Object type = schema.get("type");
        if (type == null) {
            return problems;
        }
        if (!isOf(type, value)) {
            return List.of(at + " is " + value + ", not " + type);
        }
        if (value instanceof Map<?, ?> fields && schema.get("properties") instanceof Map<?, ?> known) {
            ((Collection<?>) Objects.requireNonNull(schema.get("required")))
                    .stream()
                            .filter(name -> !fields.containsKey(name))
                            .forEach(name -> problems.add(at + "." + name + " is missing"));
            fields.forEach((name, field) -> {
                if (known.get(name) instanceof Map<?, ?> its) {
                    problems.addAll(problems(its, field, at + "." + name));
                } else {
                    problems.add(at + "." + name + " is not in the schema");
                }
            });
        }
        if (value instanceof List<?> elements && schema.get("items") instanceof Map<?, ?> items) {
            elements.forEach(element -> problems.addAll(problems(items, element, at + "[]")));
        }
        return problems;
    }

    private static boolean isOf(Object types, @Nullable Object value) {
        if (types instanceof Collection<?> several) {
            return several.stream().anyMatch(type -> isOf(type, value));
        }
        return switch (String.valueOf(types)) {
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Integer || value instanceof Long;
            case "number" -> value instanceof Number;
            case "boolean" -> value instanceof Boolean;
            case "array" -> value instanceof List;
            default -> value instanceof Map;
        };
    }
}
