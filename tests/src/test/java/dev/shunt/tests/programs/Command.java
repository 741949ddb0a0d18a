package dev.shunt.tests.programs;

/** One line of text, {@code VERB REST}: what a client wants done, or a task to do. */
record Command(String verb, String rest) {

    static Command of(String line) {
        int blank = line.indexOf(' ');
        return blank < 0 ? new Command(line, "") : new Command(line.substring(0, blank), line.substring(blank + 1));
    }

    /** The rest, read as a command itself. */
    Command next() {
        return of(rest);
    }

    IllegalArgumentException unknown() {
        return new IllegalArgumentException("unknown verb '" + verb + "'");
    }
}
