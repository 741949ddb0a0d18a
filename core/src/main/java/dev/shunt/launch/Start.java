package dev.shunt.launch;

/**
 * One program of a JVM, told from the others: what it is, such as {@code the server on 127.0.0.1:9501}, the thread that
 * made it, and how many of the same that thread had made before. Threads race each other, but not themselves; so it is the
 * same in every process that runs {@code main}.
 */
public record Start(String program, String thread, int before) {

    @Override
    public String toString() {
        return program + (before == 0 ? "" : " (" + (before + 1) + ')');
    }
}
