package dev.shunt.remote;

import dev.shunt.process.RunDirectory;
import dev.shunt.remote.ControlException.Kind;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The programs that run on this machine, as their run directories tell. One lives if its lock is held or its socket
 * answers; its pid proves nothing, and is not looked at. Read at one moment; immutable.
 *
 * @param found that live, in the order of their start
 * @param foreign run directories that this user may not look into
 * @param where was looked, for people
 */
public record RunningPrograms(List<RunningProgram> found, List<Foreign> foreign, String where) {

    /** In the run directory; see {@code docs/control-api.md}. */
    static final String SOCKET = "control";

    private static final String LOCK = "lock";
    private static final String ABOUT = "manager.json";
    private static final Pattern NAME = Pattern.compile("shunt-([A-Za-z0-9]*)-(\\d+)-[0-9a-z]+");

    /** Another user's run directory. */
    public record Foreign(Path directory, String owner, String pid) {

        @Override
        public String toString() {
            return "pid " + pid + " of user " + owner;
        }
    }

    public RunningPrograms {
        found = List.copyOf(found);
        foreign = List.copyOf(foreign);
    }

    /**
     * Of one directory: the program whose run directory it is, or those whose run directories are in it.
     *
     * @throws ControlException if there is no such directory, or it is another user's
     */
    public static RunningPrograms at(Path directory) throws ControlException {
        if (!Files.isDirectory(directory)) {
            throw new ControlException(
                    Kind.NOT_RUNNING, "no program runs in " + directory + ": there is no such directory");
        }
        if (!Files.isReadable(directory) || !Files.isExecutable(directory)) {
            throw new ControlException(
                    Kind.FAILED,
                    directory + " is the directory of user " + owner(directory)
                            + ": only that user and root may look into it");
        }
        boolean itself = Files.exists(directory.resolve(LOCK))
                || Files.exists(directory.resolve(SOCKET))
                || Files.exists(directory.resolve(ABOUT));
        return itself ? read(List.of(directory), directory.toString()) : in(directory);
    }

    /** Where a program has its run directory that is started as this process was, and chooses no other. */
    public static RunningPrograms ofThisUser() {
        return in(RunDirectory.place());
    }

    /** Of the run directories in a place. */
    static RunningPrograms in(Path place) {
        return read(inside(place), place.toString());
    }

    private static List<Path> inside(Path place) {
        var inside = new ArrayList<Path>();
        try (var entries = Files.newDirectoryStream(place, "shunt-*")) {
            for (var entry : entries) {
                if (NAME.matcher(entry.getFileName().toString()).matches()
                        && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    inside.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of(); // not there, or not ours to look into
        }
        return inside;
    }

    private static RunningPrograms read(List<Path> directories, String where) {
        var found = new ArrayList<RunningProgram>();
        var foreign = new ArrayList<Foreign>();
        for (var directory : directories) {
            if (Files.isReadable(directory) && Files.isExecutable(directory)) {
                program(directory).ifPresent(found::add);
            } else {
                foreign.add(new Foreign(directory, owner(directory), pid(directory)));
            }
        }
        found.sort(Comparator.comparing(RunningProgram::since).thenComparingLong(RunningProgram::pid));
        return new RunningPrograms(found, foreign, where);
    }

    private static Optional<RunningProgram> program(Path directory) {
        boolean lives = isLocked(directory.resolve(LOCK)) || answers(directory.resolve(SOCKET));
        if (!lives) {
            return Optional.empty();
        }
        var about = about(directory);
        long pid = about.number("pid") != 0 ? about.number("pid") : digits(pid(directory));
        return Optional.of(new RunningProgram(directory, about, pid));
    }

    private static Json about(Path directory) {
        try {
            return new Json(Files.readAllBytes(directory.resolve(ABOUT)));
        } catch (IOException | IllegalArgumentException e) {
            return Json.EMPTY; // not written yet, or being deleted
        }
    }

    /** Shared, so that two who look at the same time do not take each other for the program. */
    private static boolean isLocked(Path lock) {
        try (var channel = FileChannel.open(lock, StandardOpenOption.READ);
                var held = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return held == null;
        } catch (OverlappingFileLockException e) { // by this very process
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean answers(Path socket) {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static String owner(Path directory) {
        try {
            return Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName();
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String pid(Path directory) {
        var name = NAME.matcher(String.valueOf(directory.getFileName()));
        return name.matches() ? name.group(2) : "0";
    }

    private static long digits(String text) {
        return text.length() > 18 ? 0 : Long.parseLong(text);
    }

    public RunningPrograms only(Predicate<RunningProgram> wanted) {
        return new RunningPrograms(found.stream().filter(wanted).toList(), foreign, where);
    }

    /** As the other one, for {@code ctl}. */
    public RunningProgram one(String which) throws ControlException {
        return one(which, "choose one with --name NAME or --run-dir DIR");
    }

    /**
     * The one that there is.
     *
     * @param which of them was asked for, such as {@code named mail}; may be empty
     * @param remedy how one of several is told from the others
     * @throws ControlException if there is none or several; says which there are
     */
    public RunningProgram one(String which, String remedy) throws ControlException {
        return switch (found.size()) {
            case 0 -> throw new ControlException(Kind.NOT_RUNNING, none(which));
            case 1 -> reachable(found.getFirst());
            default ->
                throw new ControlException(
                        Kind.WRONG_USE, found.size() + " programs run here; " + remedy + ":\n" + lines());
        };
    }

    private String lines() {
        return found.stream()
                .map(program -> "  pid " + program.pid() + "  " + program.name() + "  " + program.directory())
                .collect(Collectors.joining("\n"));
    }

    private String none(String which) {
        String others = foreign.isEmpty()
                ? ""
                : "; not yours, so only they or root may ask: "
                        + foreign.stream().map(Foreign::toString).collect(Collectors.joining(", "));
        return "not running: no program" + (which.isEmpty() ? "" : " " + which) + " runs in " + where + others;
    }

    /** It lives; its socket may have been deleted all the same. */
    private static RunningProgram reachable(RunningProgram program) throws ControlException {
        if (!Files.exists(program.socket())) {
            throw new ControlException(
                    Kind.FAILED,
                    program + " runs, for its lock is held, but its socket " + program.socket()
                            + (program.serves()
                                    ? " is gone: removed by another program, such as a cleaner of temporary directories;"
                                            + " it is made again within a minute"
                                    : " is not there yet: it is starting"));
        }
        return program;
    }
}
