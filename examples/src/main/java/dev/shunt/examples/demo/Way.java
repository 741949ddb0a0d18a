package dev.shunt.examples.demo;

import java.util.Locale;

/** The two ways to send a mail. The name in lower case is the command on the wire. */
enum Way {
    INLINE("inside onReceive"),
    TASKS("through task()");

    private final String title;

    Way(String title) {
        this.title = title;
    }

    static Way of(String command) {
        return valueOf(command.toUpperCase(Locale.ROOT));
    }

    String title() {
        return title;
    }

    String command() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Each way has recipients of its own, so that the mail server counts them apart. */
    String recipient(int user) {
        return "user" + user + "@" + command() + ".example.com";
    }
}
