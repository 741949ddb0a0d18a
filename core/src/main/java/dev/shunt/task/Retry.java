package dev.shunt.task;

import dev.shunt.check.Check;
import java.time.Duration;

/** What is to be done about an attempt whose handler threw. */
public sealed interface Retry {

    /** Again after a back-off while the task's options allow it: the default. */
    static Retry byOptions() {
        return new ByOptions();
    }

    /** Never again, whatever the options say. */
    static Retry giveUp() {
        return new GiveUp();
    }

    /** Again after this long instead of the back-off, if the options allow another attempt. */
    static Retry after(Duration delay) {
        return new After(delay);
    }

    record ByOptions() implements Retry {}

    record GiveUp() implements Retry {}

    record After(Duration delay) implements Retry {
        public After {
            delay = Check.notNegative("Retry.after", delay);
        }
    }
}
