package dev.shunt.process;

import dev.shunt.files.PrivateFile;
import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;

/**
 * Where a user's AOT caches lie: {@code shunt/aot} below {@code $XDG_CACHE_HOME} or {@code ~/.cache}, mode 0700. A file is
 * used if it, its directory and the one above are this user's and nobody else may write there; it gets its name when it is
 * whole and on the disk. Of those that were used last some are kept, the others removed.
 */
final class AotStore {

    private static final Logger LOG = Log.of(AotStore.class);

    /** At some 30 MB each. */
    private static final int KEPT = 8;

    private static final String SUFFIX = ".aot";
    private static final String MAKING = "making-";

    private static final FileAttribute<?> OWN_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Set<PosixFilePermission> OF_OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path directory;

    private AotStore(Path directory) {
        this.directory = directory;
    }

    /** Empty if the environment names no place. */
    static Optional<AotStore> of(Map<String, String> environment) {
        var given = Optional.ofNullable(environment.get("XDG_CACHE_HOME")).filter(path -> path.startsWith("/"));
        var home = Optional.ofNullable(environment.get("HOME")).filter(path -> path.startsWith("/"));
        return given.map(Path::of)
                .or(() -> home.map(path -> Path.of(path, ".cache")))
                .map(cache -> new AotStore(cache.resolve("shunt").resolve("aot")));
    }

    Path directory() {
        return directory;
    }

    /** The cache with this key, if there is one that may be trusted. */
    Optional<Path> find(AotKey key) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        refuseOthers();
        var file = file(key);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        refuseOthers(file);
        return Optional.of(file);
    }

    /** So that it is not among those that are removed next. */
    static void used(Path file, Instant now) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(now));
        } catch (IOException e) {
            LOG.debug("{} keeps its time", file, e); // a disk that is only read is not cleaned either
        }
    }

    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} cannot be removed", file, e);
        }
    }

    /** An empty directory to make one in; what makers that have died left is removed. Under the {@link #lock}. */
    Path making(AotKey key) throws IOException {
        for (var left : list(MAKING + "*")) {
            DeleteTree.all(left);
        }
        return Files.createDirectory(directory.resolve(MAKING + key.name()), OWN_ONLY);
    }

    /** Has all others who make one wait until it is closed. Makes the directories if they are missing. */
    FileChannel lock() throws IOException {
        Files.createDirectories(directory, OWN_ONLY);
        refuseOthers();
        var channel = FileChannel.open(
                directory.resolve("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            channel.lock();
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Gives it its name, and removes those that nobody has used for longest. Under the {@link #lock}. */
    void keep(AotKey key, Path made) throws IOException {
        try (var channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
            channel.force(true); // a name whose content is not on the disk is a damaged cache after a power failure
        }
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
        PrivateFile.keepFromCleaners(made);
        Files.move(made, file(key), StandardCopyOption.ATOMIC_MOVE);
        var all = list("*" + SUFFIX).stream()
                .sorted(Comparator.comparing(AotStore::lastUsed).reversed())
                .toList();
        for (var old : all.subList(Math.min(KEPT, all.size()), all.size())) {
            Files.deleteIfExists(old);
        }
    }

    private static FileTime lastUsed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.from(Instant.EPOCH); // gone
        }
    }

    private Path file(AotKey key) {
        return directory.resolve(key.name() + SUFFIX);
    }

    private List<Path> list(String glob) throws IOException {
        var all = new ArrayList<Path>();
        try (var found = Files.newDirectoryStream(directory, glob)) {
            found.forEach(all::add);
        }
        return all;
    }

    private void refuseOthers() throws IOException {
        refuseOthers(directory);
        refuseOthers(directory.resolveSibling("."));
    }

    /** @throws IOException if somebody else could have written it */
    private static void refuseOthers(Path path) throws IOException {
        if (!PrivateFile.isThisUsers(path)) {
            throw new IOException(path.normalize() + " belongs to another user (" + Files.getOwner(path) + ")");
        }
        var permissions = Files.getPosixFilePermissions(path);
        if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
            throw new IOException("others may write " + path.normalize() + " ("
                    + PosixFilePermissions.toString(permissions) + "); have \"chmod go-w\" done");
        }
    }
}
