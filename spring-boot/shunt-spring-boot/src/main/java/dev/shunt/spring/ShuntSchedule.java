package dev.shunt.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean without parameters, whose time comes by the clock. One that returns nothing is itself the task, and runs
 * in a child. One that returns something is called in the application, where it must not block, and what it returns is
 * submitted. While the task of the time before has not ended, a new one is rejected. Values may be placeholders, such as
 * {@code ${report.cron}}; a schedule whose cron is {@code -} is none.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ShuntSchedule {

    /** Minute, hour, day of month, month, day of week, or {@code @hourly}, {@code @daily}, …; either this or {@link #every}. */
    String cron() default "";

    /** The time between two starts, such as {@code 10m}. */
    String every() default "";

    /** Of {@link #cron}, such as {@code Europe/Rome}. Default: that of the machine. */
    String zone() default "";

    /** Shown in logs and errors. Default: bean and method. */
    String name() default "";

    /** As {@link ShuntTask#retries}. */
    int retries() default 0;
}
