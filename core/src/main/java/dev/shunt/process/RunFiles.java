package dev.shunt.process;

import java.nio.file.Path;

/** What lies where in a run directory; manager and child agree on it here. */
record RunFiles(Path directory) {

    /** Locked for the life of the manager. */
    Path lock() {
        return directory.resolve("lock");
    }

    /** A lock that replaces one which somebody has removed, before it takes its name. */
    Path freshLock() {
        return directory.resolve("lock-fresh");
    }

    Path socket() {
        return directory.resolve("socket");
    }

    Path payloads() {
        return directory.resolve("payloads");
    }

    /** How java is to start the child. */
    Path arguments(long serial) {
        return directory.resolve("arguments-" + serial);
    }

    Path slotTable(long serial) {
        return directory.resolve("slots-" + serial);
    }
}
