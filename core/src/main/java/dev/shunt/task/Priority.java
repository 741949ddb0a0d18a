package dev.shunt.task;

/**
 * Which of the tasks that wait goes first. While all wait, each level is served four times as often as the one below it; so
 * none starves, and within a level the oldest goes first.
 */
public enum Priority {
    LOW,
    NORMAL,
    HIGH,
    URGENT
}
