package dev.shunt.engine.manager;

import dev.shunt.log.Log;
import dev.shunt.netty.NativeLeftovers;
import dev.shunt.process.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/**
 * Keeps the run directory of a program from cleaners of temporary directories, puts back what one has removed all the
 * same, and removes what processes left beside it that were killed while they started. Its clock is the main loop; the work is done on the thread for the disk.
 */
final class Upkeep {

    private static final Logger LOG = Log.of(Upkeep.class);

    /** Far less than any cleaner calls old; and after a clock that jumps, or a sleep, soon. */
    private static final Duration EVERY = Duration.ofMinutes(1);

    /** Opens a socket that children call. */
    interface Listening {
        void listen() throws IOException;
    }

    private final RunDirectory directory;
    private final ManagerPorts ports;
    private final NativeLeftovers leftovers = NativeLeftovers.look();
    private final Map<Path, Listening> sockets = new ConcurrentHashMap<>();

    Upkeep(RunDirectory directory, ManagerPorts ports) {
        this.directory = directory;
        this.ports = ports;
    }

    RunDirectory directory() {
        return directory;
    }

    /** Opens the socket, and again whenever its file is gone. */
    void listen(Path file, Listening open) throws IOException {
        open.listen();
        sockets.put(file, open);
    }

    /** From now on, now and then. */
    void begin() {
        var _ = ports.main()
                .schedule(
                        () -> {
                            now();
                            begin();
                        },
                        EVERY);
    }

    /** Soon. */
    void now() {
        ports.disk().execute(this::keep);
    }

    private void keep() {
        directory.keep(ports.clock());
        leftovers.remove();
        sockets.forEach((file, listening) -> {
            if (Files.notExists(file)) {
                try {
                    listening.listen();
                } catch (IOException e) {
                    LOG.error("children cannot be started: {}", e.getMessage());
                }
            }
        });
    }
}
