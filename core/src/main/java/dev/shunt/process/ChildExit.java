package dev.shunt.process;

import java.util.Map;

/** The end of a process, in words. */
final class ChildExit {

    /** The exit status that the JDK reports for a process that a signal ended is this and the signal's number. */
    private static final int SIGNALLED = 128;

    /** Exit status under {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    private static final int ABORTED = 6;
    private static final int KILLED = 9;
    private static final int TERMINATED = 15;

    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(ABORTED, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(KILLED, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(TERMINATED, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"));

    private ChildExit() {}

    /** Nobody has killed it, nor told it to end. */
    static boolean isItsOwn(int status) {
        return status != SIGNALLED + KILLED && !isOfItsTerminal(status);
    }

    /** Told to end, as all processes of a terminal are by Ctrl+C, or when it is closed. */
    static boolean isOfItsTerminal(int status) {
        return status == SIGNALLED + TERMINATED || status == SIGNALLED + 1 || status == SIGNALLED + 2;
    }

    static String describe(int status, long pid) {
        var signal = SIGNALS.get(status - SIGNALLED);
        if (signal != null) {
            String crash =
                    status - SIGNALLED == ABORTED ? "; if the JVM crashed, hs_err_pid" + pid + ".log says why" : "";
            return "killed by signal " + (status - SIGNALLED) + " (" + signal + ")" + crash;
        }
        return status == OUT_OF_MEMORY ? "exit code 3: after an OutOfMemoryError, or its own" : "exit code " + status;
    }
}
