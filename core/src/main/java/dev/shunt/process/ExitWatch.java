package dev.shunt.process;

import dev.shunt.fatal.FatalErrors;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * Hears when one process has ended, on a thread that is there before the process is: afterwards there may be none to be
 * had, and a process whose end nobody hears would hold its place for ever.
 */
final class ExitWatch {

    private static final long STACK_BYTES = 256 << 10;

    private final CompletableFuture<Runnable> work = new CompletableFuture<>();

    private ExitWatch() {}

    /** Throws what the JVM throws if there is no thread to be had; then no process may be started either. */
    static ExitWatch start(String name) {
        // The JDK starts one for each process as well, and forgets the process if it cannot: there is room for two.
        await(thread(name).start(() -> {}));
        var watch = new ExitWatch();
        thread(name).start(() -> watch.work.join().run());
        return watch;
    }

    private static Thread.Builder.OfPlatform thread(String name) {
        return Thread.ofPlatform()
                .daemon()
                .name(name)
                .stackSize(STACK_BYTES)
                .uncaughtExceptionHandler(new FatalErrors()); // a place would wait for ever
    }

    private static void await(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Calls back on the thread of this watch, with the exit status. */
    void of(Process process, IntConsumer exited) {
        work.complete(() -> exited.accept(exitStatus(process)));
    }

    /** There is no process; something else is done on the thread of this watch, which ends then. */
    void insteadOf(Runnable last) {
        work.complete(last);
    }

    private static int exitStatus(Process process) {
        while (true) {
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                // nobody interrupts this thread for a reason
            }
        }
    }
}
