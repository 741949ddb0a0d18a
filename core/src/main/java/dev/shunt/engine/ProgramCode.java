package dev.shunt.engine;

/** A call into the program's own code, which may throw anything. */
@FunctionalInterface
interface ProgramCode {

    void run() throws Throwable;
}
