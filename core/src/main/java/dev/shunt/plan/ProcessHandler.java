package dev.shunt.plan;

/** What a program does once in a process, or once in the manager, at some point of its life. */
@FunctionalInterface
public interface ProcessHandler {

    void run() throws Exception;
}
