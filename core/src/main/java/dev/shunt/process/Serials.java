package dev.shunt.process;

import java.io.IOException;

/** Numbers for processes, each greater than those before. Never waits. */
@FunctionalInterface
public interface Serials {

    /** @throws IOException if there is none now; there may be one later */
    long next() throws IOException;
}
