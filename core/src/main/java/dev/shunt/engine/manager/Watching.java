package dev.shunt.engine.manager;

import dev.shunt.log.Log;
import dev.shunt.plan.ControlSettings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * Has children replaced when what they load has changed: twice a second looks at the class files in the directories of the
 * class path, and at its jars, by their times and sizes. While they go on changing it waits. Looks on a thread of its own, and
 * lives on the main loop.
 */
final class Watching {

    private static final Logger LOG = Log.of(Watching.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int MAX_FILES = 50_000;

    /** When it was changed, and its size. */
    private record Seen(long millis, long bytes) {}

    private final ManagerParts parts;
    private final Shutdown shutdown;
    private final List<Path> roots;
    private Map<Path, Seen> loaded = Map.of();
    private Map<Path, Seen> last = Map.of();

    Watching(ManagerParts parts, Shutdown shutdown) {
        this.parts = parts;
        this.shutdown = shutdown;
        roots = Stream.of("java.class.path", "jdk.module.path")
                .flatMap(name -> Stream.of(System.getProperty(name, "").split(File.pathSeparator)))
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .toList();
    }

    /** From any thread, when the program serves. */
    void begin() {
        if (!parts.plan().settings().processes().control().watch() && !Boolean.getBoolean(ControlSettings.WATCH)) {
            return;
        }
        LOG.info("children are replaced when a class file or a jar of the class path changes");
        look(files -> {
            loaded = files;
            last = files;
        });
    }

    private void look(Consumer<Map<Path, Seen>> then) {
        Thread.ofVirtual().name("shunt-watch").start(() -> {
            var files = files();
            try {
                parts.ports().main().execute(() -> looked(files, then));
            } catch (RejectedExecutionException e) {
                LOG.trace("after the end", e);
            }
        });
    }

    private void looked(Map<Path, Seen> files, Consumer<Map<Path, Seen>> then) {
        if (shutdown.hasBegun()) {
            return;
        }
        try {
            then.accept(files);
        } finally { // whatever happens, it is looked again
            var _ = parts.ports().main().schedule(() -> look(this::seen), LOOK);
        }
    }

    /** Whoever compiles writes one file after the other: what has changed since the last look may not be all. */
    private void seen(Map<Path, Seen> files) {
        boolean settled = files.equals(last);
        last = files;
        if (settled && !files.equals(loaded)) {
            var changed = files.entrySet().stream()
                    .filter(file -> !file.getValue().equals(loaded.get(file.getKey())))
                    .map(file -> file.getKey().getFileName())
                    .limit(3)
                    .toList();
            LOG.info(
                    "classes have changed, and children are replaced: {}",
                    changed.isEmpty() ? "some are gone" : changed);
            loaded = files;
            parts.reload(false);
        }
    }

    private Map<Path, Seen> files() {
        var all = new HashMap<Path, Seen>();
        for (var root : roots) {
            try (var files = Files.isDirectory(root) ? Files.walk(root) : Stream.of(root)) {
                files.filter(Watching::isLoaded).limit(MAX_FILES - all.size()).forEach(file -> see(file, all));
            } catch (IOException | UncheckedIOException e) { // it is being written, and is looked at again
                LOG.debug("{} is passed over", root, e);
            }
        }
        return Map.copyOf(all);
    }

    private static boolean isLoaded(Path file) {
        String name = file.toString();
        return name.endsWith(".class") || name.endsWith(".jar");
    }

    private static void see(Path file, Map<Path, Seen> all) {
        try {
            all.put(file, new Seen(Files.getLastModifiedTime(file).toMillis(), Files.size(file)));
        } catch (IOException e) {
            LOG.debug("{} is passed over", file, e);
        }
    }
}
