package dev.shunt.fatal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/**
 * Ends the process when a thread that it cannot live without dies: half a program would accept connections and answer
 * nothing. Says why on standard error, removes what it can, and halts; children notice that their link has ended. All that
 * this needs is there from the start, as no memory may be left. Safe for use by any thread.
 */
public final class FatalErrors implements Thread.UncaughtExceptionHandler {

    /** The status of a process that ended so: an internal error, in the words of sysexits. */
    public static final int STATUS = 70;

    private static final int MAX_TEXT = 512;

    private final byte[] text = new byte[MAX_TEXT];
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.err);
    private volatile Runnable last = () -> {};
    private int length;

    static {
        new FatalErrors().rehearse();
    }

    /** Whatever is loaded and resolved when it is used first needs memory, which is there now. */
    private void rehearse() {
        var hook = new Thread(() -> {}, "rehearsal");
        try {
            Runtime.getRuntime().addShutdownHook(hook); // so that what halts is loaded
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the process ends already, and it is
        }
        try {
            compose(hook, new OutOfMemoryError("rehearsal"));
            out.write(text, 0, 0);
        } catch (IOException _) {
            // nobody reads standard error
        }
    }

    /** Done before the process ends, if it can be: must not wait for any other thread. */
    public void last(Runnable action) {
        last = action;
    }

    /** Whether the program cannot rely on anything after this: no memory is left, or the JVM itself has failed. */
    public static boolean isFatal(Throwable error) {
        return error instanceof InternalError || (error.getClass() == OutOfMemoryError.class && !isNoHeap(error));
    }

    /** There is no room for one thread or buffer more: whoever wanted that has failed, and nothing else. */
    private static boolean isNoHeap(Throwable error) {
        String message = error.getMessage();
        return message != null && (message.startsWith("unable to create") || message.startsWith("Cannot reserve"));
    }

    /** For where the program's own code is called on a thread that is indispensable: lets on what is fatal. */
    public static void letOn(Throwable error) {
        if (error instanceof VirtualMachineError fatal && isFatal(error)) {
            throw fatal;
        }
    }

    /** The same action, after whose death nothing goes on. */
    public Runnable guard(Runnable action) {
        return () -> {
            try {
                action.run();
            } catch (Throwable e) { // nobody else would hear of it
                uncaughtException(Thread.currentThread(), e);
            }
        };
    }

    /** If it is fatal. */
    public void endIfFatal(Throwable error) {
        if (isFatal(error)) {
            uncaughtException(Thread.currentThread(), error);
        }
    }

    /** Does not return. */
    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        try {
            say(thread, error);
            last.run();
        } catch (Throwable e) { // there is no memory even for that
            halt();
        }
        halt();
    }

    private static void halt() {
        Runtime.getRuntime().halt(STATUS);
    }

    private synchronized void say(Thread thread, Throwable error) throws IOException {
        compose(thread, error);
        out.write(text, 0, length);
        if (!isFatal(error)) {
            error.printStackTrace();
        }
    }

    private synchronized void compose(Thread thread, Throwable error) {
        length = 0;
        add("shunt: thread ");
        add(thread.getName());
        add(" has died, and the program cannot go on without it: ");
        add(error.getClass().getName());
        String message = error.getMessage();
        if (message != null) {
            add(": ");
            add(message);
        }
        add("; the process ends with status 70\n");
    }

    /** Without an object, for there may be no room for one. */
    @SuppressWarnings("deprecation") // the one way to copy characters into bytes without an encoder
    private void add(String part) {
        int count = Math.min(part.length(), MAX_TEXT - length - 1);
        part.getBytes(0, count, text, length);
        length += count;
    }

    @Override
    public String toString() {
        return new String(text, 0, length, US_ASCII);
    }
}
