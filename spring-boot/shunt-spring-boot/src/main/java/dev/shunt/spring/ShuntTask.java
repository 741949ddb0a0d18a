package dev.shunt.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that runs the tasks whose payload is of its parameter's type, a record mostly, in a child process. It
 * may have a {@link dev.shunt.task.Task} as a second parameter. What it returns is the task's result, what it throws its
 * failure; a {@code CompletionStage} or {@code Future} is waited for. Of each type there is one such method.
 *
 * <pre>
 *   &#64;ShuntTask(retries = 3)
 *   Receipt send(SendMail mail) { … }
 * </pre>
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ShuntTask {

    /** How often a task is run again that failed, or whose process died; for tasks that are submitted without options. */
    int retries() default 0;

    /** How long an attempt may take, such as {@code 30s}; for tasks that are submitted without options. Default: no limit. */
    String timeout() default "";
}
