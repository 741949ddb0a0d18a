package dev.shunt;

import dev.shunt.launch.Launch;

/** What a program may ask before it has started anything. */
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
     * In a child whose {@code main} cannot come to the start of its program: ends the process, and the manager, whose start
     * fails or whose old children serve on, says why. It would not help to try again, so that is not done.
     *
     * @throws IllegalStateException in a process that is no child
     */
    public static void childCannotStart(String why) {
        Launch.cannotStart(why);
    }
}
