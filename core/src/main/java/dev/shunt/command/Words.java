package dev.shunt.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a command line begins with: one of Workerman's words and what may follow it at once.
 *
 * @param detached {@code -d} of start and restart: on its own, not in this terminal
 * @param graceful {@code -g} of stop, restart and reload
 * @param again {@code -d} of status: once a second
 * @param timeout {@code --timeout SECONDS} of stop and reload
 * @param output {@code --log FILE} after {@code -d}
 * @param watch {@code --watch} of start and restart: children are replaced when classes change
 * @param own the program's own arguments
 */
record Words(
        Verb verb,
        boolean detached,
        boolean graceful,
        boolean again,
        Optional<Duration> timeout,
        Optional<Path> output,
        boolean watch,
        List<String> own) {

    enum Verb {
        START,
        STOP,
        RESTART,
        RELOAD,
        STATUS,
        CONNECTIONS;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Optional<Verb> of(String word) {
            for (var verb : values()) {
                if (verb.word().equals(word)) {
                    return Optional.of(verb);
                }
            }
            return Optional.empty();
        }

        boolean starts() {
            return this == START || this == RESTART;
        }
    }

    /** A word is followed by something that makes no sense; for people. */
    static final class WrongUse extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        WrongUse(String message) {
            super(message);
        }
    }

    Words {
        own = List.copyOf(own);
    }

    /** Empty if the arguments begin with no such word: all of them are the program's own. */
    static Optional<Words> of(List<String> args) {
        return args.isEmpty() ? Optional.empty() : Verb.of(args.getFirst()).map(verb -> new Reader(verb, args).read());
    }

    /** The program's own arguments. */
    static List<String> ownOf(List<String> args) {
        return of(args).map(Words::own).orElse(args);
    }

    private static final class Reader {

        private final Verb verb;
        private final List<String> rest;
        private boolean detached;
        private boolean graceful;
        private boolean again;
        private boolean watch;
        private Optional<Duration> timeout = Optional.empty();
        private Optional<Path> output = Optional.empty();

        Reader(Verb verb, List<String> args) {
            this.verb = verb;
            this.rest = new ArrayList<>(args.subList(1, args.size()));
        }

        Words read() {
            while (!rest.isEmpty() && isOurs(rest.getFirst())) {
                take(rest.removeFirst());
            }
            return new Words(verb, detached, graceful, again, timeout, output, watch, rest);
        }

        private boolean isOurs(String word) {
            return switch (word) {
                case "-d" -> verb.starts() || verb == Verb.STATUS;
                case "-g" -> verb == Verb.STOP || verb == Verb.RESTART || verb == Verb.RELOAD;
                case "--timeout" -> verb == Verb.STOP || verb == Verb.RELOAD;
                case "--log" -> detached;
                case "--watch" -> verb.starts();
                default -> false;
            };
        }

        private void take(String word) {
            switch (word) {
                case "-d" -> {
                    detached = verb.starts();
                    again = !detached;
                }
                case "-g" -> graceful = true;
                case "--watch" -> watch = true;
                case "--log" -> output = Optional.of(Path.of(value("--log", "the file for its output")));
                default -> timeout = Optional.of(seconds(value("--timeout", "how many seconds")));
            }
        }

        private String value(String option, String what) {
            if (rest.isEmpty()) {
                throw new WrongUse(verb.word() + " " + option + " does not say " + what);
            }
            return rest.removeFirst();
        }

        private static Duration seconds(String text) {
            try {
                double seconds = Double.parseDouble(text);
                if (seconds > 0 && seconds <= 1_000_000) {
                    return Duration.ofMillis((long) (seconds * 1_000));
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new WrongUse("--timeout " + text + " is no number of seconds above 0");
        }
    }
}
