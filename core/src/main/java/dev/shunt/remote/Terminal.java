package dev.shunt.remote;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Where output for people goes. */
public final class Terminal {

    private static final Duration EACH = Duration.ofSeconds(1);

    /** Moves to the upper left corner and clears what is there. Source: ECMA-48, CUP and ED. */
    private static final String CLEAR = "\033[H\033[2J";

    /** What is shown, made anew each time. */
    @FunctionalInterface
    public interface Page {
        String text(int width) throws ControlException;
    }

    private Terminal() {}

    /** Whether input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // without a terminal JDK 25 has none again
    public static boolean isThere() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    /** Characters in a line, as COLUMNS in the environment says; 0 if output goes elsewhere or nobody says. */
    public static int width() {
        String columns = System.getenv().getOrDefault("COLUMNS", "");
        return isThere() && columns.matches("[1-9]\\d{0,3}") ? Integer.parseInt(columns) : 0;
    }

    /**
     * Prints a page, or one each second until nobody reads on or it cannot be made.
     *
     * @param again each second; a terminal is cleared before
     */
    public static void show(boolean again, Page page) throws ControlException {
        do {
            String text = page.text(width());
            System.out.print(again && isThere() ? CLEAR + text : text);
            System.out.flush();
            if (again) {
                LockSupport.parkNanos(EACH.toNanos());
            }
        } while (again && !System.out.checkError());
    }
}
