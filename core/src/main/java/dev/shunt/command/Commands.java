package dev.shunt.command;

import dev.shunt.launch.Launch;
import dev.shunt.plan.ControlSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Does what a program's command line begins with; {@code dev.shunt.Shunt} says it to programs. */
public final class Commands {

    private Commands() {}

    /** See {@code Shunt.command}. */
    public static void run(String[] args, Runnable start) {
        try {
            var words = Words.of(List.of(args));
            heed(words);
            if (words.isEmpty() || Launch.isChild()) {
                start.run();
            } else {
                Launch.instead((plan, _) -> new Command(words.get(), plan).runsHere(), start);
            }
        } catch (Words.WrongUse e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** See {@code Shunt.commandRunning}. */
    public static void runOnRunning(String[] args, Optional<Path> runDirectory) {
        try {
            Words.of(List.of(args))
                    .filter(words -> !words.verb().starts() && !Launch.isChild())
                    .ifPresent(words -> {
                        var _ = new Command(words, runDirectory, Optional.empty()).runsHere();
                    });
        } catch (Words.WrongUse e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** See {@code Shunt.ownArguments}. */
    public static String[] ownArguments(String... args) {
        heed(Words.of(List.of(args)));
        return Words.ownOf(List.of(args)).toArray(String[]::new);
    }

    /** What this word says about the program, whatever starts it. */
    private static void heed(Optional<Words> words) {
        if (words.filter(Words::watch).isPresent()) {
            System.setProperty(ControlSettings.WATCH, "true");
        }
    }
}
