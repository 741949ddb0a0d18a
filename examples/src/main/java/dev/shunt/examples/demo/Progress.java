package dev.shunt.examples.demo;

import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far one way has come: a bar on a terminal, elsewhere a plain line for every tenth. */
sealed interface Progress extends AutoCloseable {

    void step();

    @Override
    void close();

    @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where there is no terminal
    static Progress show(Way way, int mails) {
        var console = System.console();
        return console != null && console.isTerminal()
                ? new Bar(way, mails)
                : new Lines(way, mails);
    }

    /** Drawn by a thread of its own. */
    final class Bar implements Progress {

        /** Given, as to ask the terminal would mean to take over its signals. */
        private static final int WIDTH = 79;

        private final ProgressBar bar;

        Bar(Way way, int mails) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName("%-16s".formatted(way.title()))
                            .setInitialMax(mails)
                            .setUnit(" mails", 1)
                            .setUpdateIntervalMillis(100)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setConsumer(new ConsoleProgressBarConsumer(System.out, WIDTH))
                            .build();
        }

        @Override
        public void step() {
            bar.step();
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** Nothing that only a terminal understands. */
    final class Lines implements Progress {

        private static final int LINES = 10;

        private final Way way;
        private final int mails;
        private int done;

        Lines(Way way, int mails) {
            this.way = way;
            this.mails = mails;
        }

        @Override
        public void step() {
            long before = (long) done * LINES / mails;
            done++;
            if ((long) done * LINES / mails > before) {
                IO.println(
                        String.format(
                                Locale.ROOT, "%s: %,d of %,d mails", way.title(), done, mails));
            }
        }

        @Override
        public void close() {}
    }
}
