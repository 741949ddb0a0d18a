package dev.shunt.netty;

import dev.shunt.files.PrivateFile;
import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;

/**
 * The library that Netty unpacks into the temporary directory, loads, and deletes: a process that is killed in between
 * leaves it there. What was there at the start and still is later, no process is about to load.
 */
public final class NativeLeftovers {

    private static final Logger LOG = Log.of(NativeLeftovers.class);
    private static final String NAMES = "libnetty_transport_native_*.so";

    private final List<Path> found;

    private NativeLeftovers(List<Path> found) {
        this.found = found;
    }

    /** Those that this user may have left; looks for them now. */
    public static NativeLeftovers look() {
        return look(Path.of(System.getProperty("io.netty.native.workdir", System.getProperty("java.io.tmpdir"))));
    }

    static NativeLeftovers look(Path directory) {
        var found = new ArrayList<Path>();
        try (var files = Files.newDirectoryStream(directory, NAMES)) {
            for (var file : files) {
                if (PrivateFile.isOwn(file)) {
                    found.add(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debug("libraries left by killed processes cannot be looked for: {}", e.toString());
        }
        return new NativeLeftovers(found);
    }

    /** To be called once it is certain that nobody loads them any more, say after ten seconds. */
    public void remove() {
        for (var file : found) {
            try {
                if (Files.deleteIfExists(file)) {
                    LOG.info("deleted {}, left by a process that was killed", file);
                }
            } catch (IOException e) {
                LOG.debug("{} stays: {}", file, e.toString());
            }
        }
        found.clear();
    }
}
