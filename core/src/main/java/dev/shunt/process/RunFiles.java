package dev.shunt.process;

import dev.shunt.files.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What lies where in a run directory; manager and child agree on it here. */
record RunFiles(Path directory) {

    private static final String SLOTS = "slots-";

    /** The system's memory as files. Source: shm_overview(7). */
    static final Path MEMORY = Path.of("/dev/shm");

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

    Path control() {
        return directory.resolve("control");
    }

    /** What the name of memory has that a child shares with the manager, until the child has mapped it. */
    private String arenaPrefix() {
        return "arena-of-" + directory.getFileName() + "-";
    }

    /** Everybody may make files there, and nobody remove those of others: see {@link PrivateFile#isOwn}. */
    Path arena(long serial) {
        return MEMORY.resolve(arenaPrefix() + serial);
    }

    /** Those that have a name still. */
    List<Path> arenas() throws IOException {
        if (Files.notExists(MEMORY)) {
            return List.of();
        }
        try (var files = Files.list(MEMORY)) {
            return files.filter(file -> file.getFileName().toString().startsWith(arenaPrefix()))
                    .filter(PrivateFile::isOwn)
                    .toList();
        }
    }

    /** Where children get listening sockets. */
    Path sockets() {
        return directory.resolve("sockets");
    }

    Path manifest() {
        return directory.resolve("manager.json");
    }

    Path payloads() {
        return directory.resolve("payloads");
    }

    /** For what is too large for a file system in memory: a link to it, if the directory is on one. */
    Path spool() {
        return directory.resolve("spool");
    }

    /** How java is to start the child. */
    Path arguments(long serial) {
        return directory.resolve("arguments-" + serial);
    }

    /** Which classes the child loads, if that is to be known; and what is older of it. */
    Path classes(long serial) {
        return directory.resolve("classes-" + serial);
    }

    /** Why a child ends before it says hello, if it knows. */
    Path whyNot(long serial) {
        return directory.resolve("why-not-" + serial);
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
