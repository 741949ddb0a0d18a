package dev.shunt.process;

import dev.shunt.log.Log;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * Where run directories may be: where systemd says that the service has its own ({@code RuntimeDirectory=}), where the
 * user's are as long as he is logged in, and where temporary ones are, which is for everybody, and cleaned.
 *
 * @param wanted best first, the temporary directory last
 */
record RunParents(List<Path> wanted) {

    private static final Logger LOG = Log.of(RunParents.class);
    private static final String SERVICE = "RUNTIME_DIRECTORY";
    private static final String USER = "XDG_RUNTIME_DIR";
    private static final Path SHORT = Path.of("/tmp");

    RunParents {
        wanted = List.copyOf(wanted);
    }

    static RunParents ofThisProcess() {
        return of(System.getenv(), Path.of(System.getProperty("java.io.tmpdir")));
    }

    static RunParents of(Map<String, String> environment, Path temporary) {
        // Of several directories of a service, separated by colons, the first.
        var service = Optional.ofNullable(environment.get(SERVICE)).map(paths -> paths.split(File.pathSeparator, 2)[0]);
        var user = Optional.ofNullable(environment.get(USER));
        return new RunParents(Stream.concat(
                        Stream.of(service, user)
                                .flatMap(Optional::stream)
                                .filter(path -> path.startsWith("/"))
                                .map(Path::of)
                                .filter(RunParents::isOwn),
                        Stream.of(temporary.toAbsolutePath()))
                .toList());
    }

    /** The first that leaves room for what is in it; {@code /tmp} if none does. */
    Path best(Predicate<Path> fits) {
        for (var parent : wanted) {
            if (fits.test(parent)) {
                return parent;
            }
            LOG.info("{} is too long for the path of a Unix socket, the run directory is made elsewhere", parent);
        }
        return SHORT;
    }

    /** All places where an earlier run may have left something. */
    List<Path> all() {
        return Stream.concat(wanted.stream(), Stream.of(SHORT)).distinct().toList();
    }

    /** Not one that somebody else left in the environment, as {@code su} and {@code sudo -E} do. */
    private static boolean isOwn(Path directory) {
        try {
            return Files.isDirectory(directory)
                    && Files.isWritable(directory)
                    && Files.getAttribute(directory, "unix:uid")
                            .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("no run directory under {}: {}", directory, e.toString());
            return false;
        }
    }
}
