package dev.shunt.task;

import java.time.Duration;

/**
 * What may be done for one task.
 *
 * @param retries how often it may be run again after an attempt that failed or was lost; 0 by default
 * @param backoff how long to wait before the first retry, twice as long before each further one, each shortened at random
 *     by up to half; 1 second by default
 */
public record TaskOptions(int retries, Duration backoff) {

    public static final TaskOptions DEFAULT = new TaskOptions(0, Duration.ofSeconds(1));

    public TaskOptions {
        if (retries < 0) {
            throw new IllegalArgumentException("retries " + retries + " is negative");
        }
        if (backoff.isNegative()) {
            throw new IllegalArgumentException("backoff " + backoff + " is negative");
        }
    }

    public static TaskOptions retries(int retries) {
        return new TaskOptions(retries, DEFAULT.backoff);
    }

    public TaskOptions withBackoff(Duration first) {
        return new TaskOptions(retries, first);
    }
}
