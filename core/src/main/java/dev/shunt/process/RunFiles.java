package dev.shunt.process;

import java.nio.file.Path;

/** What lies where in a run directory; manager and child agree on it here. */
record RunFiles(Path directory) {

    /** Locked for the life of the manager. */
    Path lock() {
        return directory.resolve("lock");
    }

    Path socket() {
        return directory.resolve("socket");
    }

    Path payloads() {
        return directory.resolve("payloads");
    }

    Path slotTable(long serial) {
        return directory.resolve("slots-" + serial);
    }
}
