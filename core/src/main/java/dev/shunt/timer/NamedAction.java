package dev.shunt.timer;

/**
 * Something of the program's that a slot runs. Its {@code toString} says what it is, for the log: {@code a callback of
 * task 5}.
 */
public interface NamedAction extends Runnable {

    /** What is said of one of a kind holds for all: such as {@code timer}. */
    String kind();
}
