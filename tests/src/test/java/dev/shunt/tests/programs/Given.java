package dev.shunt.tests.programs;

import dev.shunt.task.Durability;
import dev.shunt.task.Priority;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;
import java.time.Duration;
import java.time.Instant;

/** A task's options out of text: {@code retries=2,backoff=10}, times in milliseconds; {@code -} for none. */
final class Given {

    private Given() {}

    static TaskOptions options(String text, String client) {
        var options = TaskOptions.DEFAULT.context(client);
        for (String option : text.equals("-") ? new String[0] : text.split(",", -1)) {
            int equals = option.indexOf('=');
            if (equals > 0) {
                options = with(options, option.substring(0, equals), option.substring(equals + 1));
            }
        }
        return options;
    }

    private static TaskOptions with(TaskOptions options, String name, String value) {
        return switch (name) {
            case "retries" -> options.retries(Integer.parseInt(value));
            case "backoff" -> options.backoff(millis(value));
            case "priority" -> options.priority(Priority.valueOf(value));
            case "delay" -> options.delay(millis(value));
            case "at" -> options.at(Instant.ofEpochMilli(Long.parseLong(value)));
            case "deadline" -> options.deadline(millis(value));
            case "timeout" -> options.timeout(millis(value));
            case "unique" -> options.uniqueKey(key(value), Unique.Policy.valueOf(policy(value)));
            case "order" -> options.orderingKey(value);
            case "slot" -> options.slot(Integer.parseInt(value));
            case "durability" -> options.durability(Durability.valueOf(value));
            case "context" -> options.context(options.context() + " " + value);
            default -> throw new IllegalArgumentException("no option " + name);
        };
    }

    private static String key(String value) {
        return value.substring(0, value.indexOf(':'));
    }

    private static String policy(String value) {
        return value.substring(value.indexOf(':') + 1);
    }

    private static Duration millis(String value) {
        return Duration.ofMillis(Long.parseLong(value));
    }
}
