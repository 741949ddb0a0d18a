package dev.shunt.process;

import dev.shunt.log.Log;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The AOT caches that children of one program start with, found in the {@link AotStore} or made there: the first child of a
 * group that finds none logs which classes it loads, and some time later a thread has the {@link AotMaker} make one of them.
 * Whatever fails, children start without. Lives on the supervisor's thread, but for that one.
 *
 * <pre>
 *   options ──► found: -XX:AOTCache           a child that dies of it: never again
 *      └─► none: -Xlog:class+load ──► make ──► AotMaker ──► AotStore.keep
 * </pre>
 */
final class AotCaches implements AutoCloseable {

    private static final Logger LOG = Log.of(AotCaches.class);

    /** From when the children that log their classes serve: by then they have loaded what they do for their first tasks. */
    static final Duration MADE_AFTER = Duration.ofSeconds(5);

    /** What making one takes, beside the program as it has just started: some 300 MB. */
    private static final long LEAST_MEMORY = 1L << 30;

    private final LaunchCommand command;
    private final RunFiles files;
    private final Clock clock;
    private final Optional<AotStore> store;

    /** What children have not found, one of each group. */
    private final Map<AotKey, AotMaker.Wanted> wanted = new ConcurrentHashMap<>();

    /** Children that log their classes, and do not serve yet. */
    private final Set<Long> starting = new HashSet<>();

    /** Of children that were started with a cache. */
    private final Map<Long, Path> used = new HashMap<>();

    /** That this process and its children may have. */
    private final long memory = ChildHeap.memory();

    private boolean off;
    private volatile @Nullable AotMaker maker;
    private volatile boolean closed;

    static AotCaches of(ChildProgram program, RunFiles files, Clock clock) {
        return new AotCaches(
                program.command(), files, clock, program.aotCache() ? AotStore.of(System.getenv()) : Optional.empty());
    }

    /** @param store empty if there are to be none */
    AotCaches(LaunchCommand command, RunFiles files, Clock clock, Optional<AotStore> store) {
        this.command = command;
        this.files = files;
        this.clock = clock;
        this.store = store;
    }

    /** What java is given beside these options of a child. */
    List<String> options(ChildPlace place, long serial, List<String> childOptions) {
        if (store.isEmpty() || off) {
            return List.of();
        }
        var all =
                Stream.concat(command.options().stream(), childOptions.stream()).toList();
        var whyNone = AotKey.whyNone(all, command.main(), command.classPath());
        if (whyNone.isPresent()) {
            LOG.debug("child {} ({}) starts without an AOT cache: {}", serial, place, whyNone.get());
            return List.of();
        }
        try {
            var key = AotKey.of(all, command.main(), command.classPath());
            var found = store.get().find(key);
            if (found.isPresent()) {
                AotStore.used(found.get(), Instant.ofEpochMilli(clock.epochMillis()));
                used.put(serial, found.get());
                return List.of("-XX:AOTCache=" + found.get());
            }
            if (memory < LEAST_MEMORY) {
                LOG.debug("no AOT cache is made: {} bytes of memory are few beside two more JVMs", memory);
                return List.of();
            }
            var classes = files.classes(serial);
            var missed = wanted.computeIfAbsent(key, _ -> new AotMaker.Wanted(childOptions, new ConcurrentHashMap<>()));
            if (missed.add(place.group(), classes)) {
                starting.add(serial);
                return List.of(AotMaker.loggedTo(classes));
            }
            return List.of();
        } catch (IOException | RuntimeException e) {
            giveUp("children start without an AOT cache: " + e.getMessage() + "; mend that, set XDG_CACHE_HOME, or say"
                    + " aotCache(false)");
            return List.of();
        }
    }

    /** A child serves. Whether none is waited for any more, and {@link #make} has something to do in a while. */
    boolean ready(Child child) {
        return starting.remove(child.serial()) && starting.isEmpty();
    }

    /** A child has ended, before it has said hello and for no known reason, or not. */
    void ended(Child child, boolean unexplained) {
        if (starting.remove(child.serial())) { // its successor logs what it has not come to
            var classes = files.classes(child.serial());
            wanted.values().forEach(missed -> missed.forget(classes));
        }
        var cache = used.remove(child.serial());
        if (cache != null && unexplained && child.hasEndedByItself()) {
            giveUp(child + " has ended before it had said hello. The AOT cache " + cache
                    + " may be damaged: it is removed, and children start without");
            AotStore.remove(cache);
        }
    }

    /** Makes what has been missed so far, in the background. */
    void make() {
        if (store.isEmpty() || off || closed || wanted.isEmpty()) {
            return;
        }
        var itsMaker = maker == null ? new AotMaker(command, store.get()) : maker;
        maker = itsMaker;
        Thread.ofPlatform()
                .daemon()
                .name("shunt-aot-cache")
                .start(() -> wanted.forEach((key, what) -> {
                    if (!closed) {
                        make(itsMaker, key, what);
                    }
                }));
    }

    private void make(AotMaker itsMaker, AotKey key, AotMaker.Wanted what) {
        try {
            itsMaker.make(key, what);
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                LOG.warn(
                        "no AOT cache could be made, and children start as before: {}; mend that, set XDG_CACHE_HOME, or say"
                                + " aotCache(false)",
                        e.toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveUp(String why) {
        if (!off) {
            off = true;
            LOG.warn(why);
        }
    }

    /** Nothing is made any more, and nothing of it goes on. */
    @Override
    public void close() {
        closed = true;
        var itsMaker = maker;
        if (itsMaker != null) {
            itsMaker.close();
        }
    }
}
