package dev.shunt.examples.demo;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far one way has come, looking ten times a second on a thread of its own. */
final class Progress implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 100;

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("progress").factory());
    private final Display display;
    private final IntSupplier done;

    /** A bar on a terminal, elsewhere a plain line for every tenth. */
    @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where there is no terminal
    Progress(Way way, int mails, IntSupplier done) {
        var console = System.console();
        display =
                console != null && console.isTerminal()
                        ? new Bar(way, mails)
                        : new Lines(way, mails);
        this.done = done;
        var _ =
                thread.scheduleAtFixedRate(
                        () -> display.show(done.getAsInt()),
                        INTERVAL_MILLIS,
                        INTERVAL_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.close();
        display.show(done.getAsInt());
        display.close();
    }

    private sealed interface Display extends AutoCloseable {

        void show(int done);

        @Override
        void close();
    }

    private static final class Bar implements Display {

        /** Given, as to ask the terminal for it would mean to take over its signals. */
        private static final int WIDTH = 79;

        private final ProgressBar bar;

        Bar(Way way, int mails) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName("%-16s".formatted(way.title()))
                            .setInitialMax(mails)
                            .setUnit(" mails", 1)
                            .setUpdateIntervalMillis((int) INTERVAL_MILLIS)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setConsumer(new ConsoleProgressBarConsumer(System.out, WIDTH))
                            .build();
        }

        @Override
        public void show(int done) {
            bar.stepTo(done);
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    private static final class Lines implements Display {

        private static final int LINES = 10;

        private final Way way;
        private final int mails;
        private long shown;

        Lines(Way way, int mails) {
            this.way = way;
            this.mails = mails;
        }

        @Override
        public void show(int done) {
            long tenths = (long) done * LINES / mails;
            if (tenths > shown) {
                shown = tenths;
                IO.println(
                        String.format(
                                Locale.ROOT, "%s: %,d of %,d mails", way.title(), done, mails));
            }
        }

        @Override
        public void close() {}
    }
}
