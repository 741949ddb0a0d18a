package dev.shunt;

import dev.shunt.command.Commands;
import dev.shunt.launch.Launch;
import java.nio.file.Path;
import java.util.Optional;

/** What a program may ask before it has started anything, and its command line. */
public final class Shunt {

    private Shunt() {}

    /**
     * Whether this process is a child, which runs {@code main} only to come to the start of its program: {@code if
     * (!Shunt.isChild()) startWebServer();}. From anywhere, at any time; the same for the life of the process.
     */
    public static boolean isChild() {
        return Launch.isChild();
    }

    /**
     * The program's command line in Workerman's words, which {@code Worker.runAll(args)} has by itself: {@code
     * Shunt.command(args, server::start)}. Does what the arguments begin with: {@code start [-d]}, {@code stop [-g]}, {@code
     * restart [-d] [-g]}, {@code reload}, {@code status [-d]} or {@code connections}; with another beginning, or none, the
     * program runs as it is. All but {@code start} and {@code restart} in the foreground end this process: with 0 if it is
     * done, 1 if it failed, 2 for wrong use or if several programs may be meant, 3 if the program does not run, 4 if it
     * took too long.
     *
     * @param start makes the program's only start, on this thread; also called for the other words, which run nothing:
     *     where the program is, its settings tell
     */
    public static void command(String[] args, Runnable start) {
        Commands.run(args, start);
    }

    /**
     * Does {@code stop}, {@code reload}, {@code status} and {@code connections} as {@link #command} does, but before the
     * program has looked at its own arguments or declared anything: for programs that need some which these words do not.
     * Returns if the arguments begin with no such word, as with {@code start}; else ends this process.
     *
     * @param runDirectory where the program has it, if it chooses that; else it is looked for where programs are
     */
    public static void commandRunning(String[] args, Optional<Path> runDirectory) {
        Commands.runOnRunning(args, runDirectory);
    }

    /** The program's own arguments: those behind such a word and its options; all of them if they begin with none. */
    public static String[] ownArguments(String... args) {
        return Commands.ownArguments(args);
    }

    /**
     * In a child whose {@code main} cannot come to the start of its program: ends the process, and the manager, whose start
     * fails or whose old children serve on, says why. It would not help to try again, so that is not done.
     *
     * @throws IllegalStateException in a process that is no child
     */
    public static void childCannotStart(String why) {
        Launch.cannotStart(why);
    }
}
