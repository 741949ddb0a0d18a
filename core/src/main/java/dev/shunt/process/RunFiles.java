package dev.shunt.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** What lies where in a run directory; manager and child agree on it here. */
record RunFiles(Path directory) {

    private static final String SLOTS = "slots-";

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
        return directory.resolve(SLOTS + serial);
    }

    /** Of the children that have a slot table: those that have not ended, as far as their manager has come to know. */
    Set<Long> serials() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(SLOTS + "\\d+"))
                    .map(name -> Long.valueOf(name.substring(SLOTS.length())))
                    .collect(Collectors.toSet());
        }
    }
}
