package dev.shunt.task;

/** Decides about an attempt that threw, on the slot that ran it, where the exception is at hand. */
@FunctionalInterface
public interface RetryDecision {

    RetryDecision BY_OPTIONS = (_, _) -> Retry.byOptions();

    Retry decide(Task task, Throwable thrown);
}
