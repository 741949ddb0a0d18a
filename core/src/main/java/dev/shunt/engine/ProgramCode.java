package dev.shunt.engine;

/** A call into the program's own code, which may throw anything. */
@FunctionalInterface
public interface ProgramCode {

    void run() throws Throwable;
}
