package dev.shunt.sqlite;

/** How far the writer is with a batch: where tests let the process die. */
enum CommitStep {
    BEGUN,
    APPLIED,
    COMMITTED,
    TOLD
}
