package dev.shunt.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.files.PrivateFile;
import dev.shunt.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Who this process is, if it is a child: told by its manager in environment variables. The programs that a child starts
 * inherit the variables but not the identity: they have another parent.
 *
 * @param serial counts the children of one manager
 * @param index which of its group's children this is
 */
public record ChildIdentity(
        long serial, String group, int groupIndex, int index, Path runDirectory, String secret, long managerPid) {

    private static final Logger LOG = Log.of(ChildIdentity.class);
    private static final int LONGEST_REASON = 16 << 10;
    private static final String SERIAL = "SHUNT_CHILD";
    private static final String GROUP = "SHUNT_GROUP";
    private static final String GROUP_INDEX = "SHUNT_GROUP_INDEX";
    private static final String INDEX = "SHUNT_INDEX";
    private static final String RUN_DIRECTORY = "SHUNT_RUN_DIR";
    private static final String SECRET = "SHUNT_SECRET";
    private static final String MANAGER_PID = "SHUNT_MANAGER_PID";

    /** Empty in a process that nobody's manager started. */
    public static Optional<ChildIdentity> ofThisProcess() {
        return of(System.getenv()).filter(ChildIdentity::isParentOrGone);
    }

    /** Where the manager listens. */
    public Path socket() {
        return new RunFiles(runDirectory).socket();
    }

    /** Where the manager gives listening sockets. */
    public Path sockets() {
        return new RunFiles(runDirectory).sockets();
    }

    public Path slotTable() {
        return new RunFiles(runDirectory).slotTable(serial);
    }

    /** There if the manager has memory to share, until this process has mapped it; nobody else's. */
    public Optional<Path> arena() {
        return Optional.of(new RunFiles(runDirectory).arena(serial)).filter(PrivateFile::isOwn);
    }

    public Path spool() {
        return new RunFiles(runDirectory).spool();
    }

    public Path payloads() {
        return new RunFiles(runDirectory).payloads();
    }

    /** Leaves with its manager why it cannot come to its start; at most 16 KiB of it. */
    public void cannotStart(String why) {
        try {
            byte[] text = why.getBytes(UTF_8);
            PrivateFile.write(
                    new RunFiles(runDirectory).whyNot(serial),
                    Arrays.copyOf(text, Math.min(text.length, LONGEST_REASON)));
        } catch (IOException e) {
            LOG.error("{} cannot start, and cannot tell its manager ({}): {}", this, e.toString(), why);
        }
    }

    void putInto(Map<String, String> environment) {
        environment.put(SERIAL, Long.toString(serial));
        environment.put(GROUP, group);
        environment.put(GROUP_INDEX, Integer.toString(groupIndex));
        environment.put(INDEX, Integer.toString(index));
        environment.put(RUN_DIRECTORY, runDirectory.toString());
        environment.put(SECRET, secret);
        environment.put(MANAGER_PID, Long.toString(managerPid));
    }

    static Optional<ChildIdentity> of(Map<String, String> environment) {
        if (!environment.containsKey(SERIAL)) {
            return Optional.empty();
        }
        return Optional.of(new ChildIdentity(
                Long.parseLong(value(environment, SERIAL)),
                value(environment, GROUP),
                Integer.parseInt(value(environment, GROUP_INDEX)),
                Integer.parseInt(value(environment, INDEX)),
                Path.of(value(environment, RUN_DIRECTORY)),
                value(environment, SECRET),
                Long.parseLong(value(environment, MANAGER_PID))));
    }

    /** Not a child's own child: that one's parent lives and is another. */
    private boolean isParentOrGone() {
        var parent = ProcessHandle.current().parent();
        return parent.isEmpty()
                || parent.get().pid() == managerPid
                || ProcessHandle.of(managerPid).isEmpty();
    }

    private static String value(Map<String, String> environment, String name) {
        var value = environment.get(name);
        if (value == null) {
            throw new IllegalStateException("the environment has " + SERIAL + " but not " + name
                    + ": a program started from a child must inherit all of SHUNT_* or nothing");
        }
        return value;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "child " + serial + " (" + group + ' ' + index + ')';
    }
}
