package dev.shunt.cli;

import dev.shunt.remote.ControlClient;
import dev.shunt.remote.ControlException;
import dev.shunt.remote.Json;
import dev.shunt.remote.RunningProgram;
import dev.shunt.remote.RunningPrograms;
import dev.shunt.remote.Terminal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all commands have: which program, and how its answer is shown. */
final class Target {

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "the program's run directory, or the directory that it is in")
    @Nullable Path runDirectory;

    @Option(names = "--name", paramLabel = "NAME", description = "the program of that name, as ps lists it")
    @Nullable String name;

    @Option(names = "--json", description = "one JSON document, as docs/control-api.md has it")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "this text")
    boolean help;

    /** Such as {@code --name} or {@code --name=mailer}, but for help, which the whole has, too. */
    static boolean isOption(String argument) {
        return argument.equals("--json") || takesValue(argument) || argument.matches("--(run-dir|name)=.*");
    }

    static boolean takesValue(String argument) {
        return argument.equals("--run-dir") || argument.equals("--name");
    }

    RunningPrograms programs() throws ControlException {
        var all =
                runDirectory == null ? RunningPrograms.ofThisUser() : RunningPrograms.at(runDirectory.toAbsolutePath());
        return name == null ? all : all.only(program -> program.name().equals(name));
    }

    RunningProgram program() throws ControlException {
        return programs().one(name == null ? "" : "named " + name);
    }

    ControlClient client() throws ControlException {
        return program().client();
    }

    /** Prints what a program answered: the document itself, or as text. */
    void show(ControlClient.Answer answer, BiFunction<Json, Integer, String> text) throws ControlException {
        var ok = answer.orFail();
        if (json) {
            print(ok);
        } else {
            System.out.print(text.apply(ok.json(), Terminal.width()));
        }
    }

    void print(ControlClient.Answer answer) {
        var out = System.out;
        out.writeBytes(answer.body());
        if (answer.body().length == 0 || answer.body()[answer.body().length - 1] != '\n') {
            out.println();
        }
    }

    /** Where lines for people go that are not the answer. */
    PrintStream aside() {
        return json ? System.err : System.out;
    }
}
