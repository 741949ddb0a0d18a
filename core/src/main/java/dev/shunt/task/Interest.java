package dev.shunt.task;

/** What whoever submits a task wants to hear beside its end. */
public enum Interest {
    /** Every result as soon as it is given. */
    RESULTS,
    /** No more. */
    END,
    /** Its progress and that it is stored, and to cancel it. */
    HANDLE
}
