package dev.shunt.cli;

import dev.shunt.remote.ControlException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Sees and steers a program that runs on this machine. */
@Command(
        name = "ctl",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Sees and steers a program that runs on this machine.",
        footer = {
            "",
            "A program is found by --run-dir, else by --name, else it is the only one under $RUNTIME_DIRECTORY,"
                    + " else $XDG_RUNTIME_DIR, else the temporary directory.",
            "Exit codes: 0 done, 1 failed, 2 wrong use or several programs, 3 not running, 4 took too long."
        })
public final class Ctl {

    private Ctl() {}

    static void main(String... args) {
        int code = execute(args);
        System.out.flush();
        System.exit(code);
    }

    /** Returns the exit code. */
    static int execute(String... args) {
        var words = commandFirst(args);
        return commandLine(words.length == 0 ? "" : words[0]).execute(words);
    }

    /** Which program is meant, and how it answers, may be said before the command, too. */
    static String[] commandFirst(String... args) {
        int at = 0;
        while (at < args.length && Target.isOption(args[at])) {
            at += Target.takesValue(args[at]) ? 2 : 1;
        }
        if (at == 0 || at >= args.length) {
            return args;
        }
        if (args[at].startsWith("-")) { // --help, say: of no command
            return Arrays.copyOfRange(args, at, args.length);
        }
        var ordered = new ArrayList<String>(List.of(args).subList(at, args.length));
        ordered.addAll(1, List.of(args).subList(0, at));
        return ordered.toArray(String[]::new);
    }

    /** With this command alone, or with all if there is no such one: to read one takes a fraction of the time. */
    private static CommandLine commandLine(String command) {
        var methods = Stream.of(Looks.class, Acts.class, Choices.class)
                .flatMap(commands -> CommandLine.getCommandMethods(commands, null).stream())
                .toList();
        var named =
                methods.stream().filter(method -> name(method).equals(command)).toList();
        var line = new CommandLine(new Ctl());
        (named.isEmpty() ? methods : named).forEach(method -> line.addSubcommand(name(method), method));
        if (named.isEmpty()) {
            line.addSubcommand("completion", completion());
        }
        line.setExecutionExceptionHandler((problem, at, _) -> said(problem, at));
        line.setParameterExceptionHandler((problem, _) -> wrongUse(problem));
        return line;
    }

    private static String name(Method command) {
        return command.getAnnotation(Command.class).name();
    }

    private static int said(Exception problem, CommandLine command) {
        command.getErr().println("ctl: " + (problem.getMessage() == null ? problem.toString() : problem.getMessage()));
        return problem instanceof ControlException known ? known.kind().exitCode() : 1;
    }

    private static int wrongUse(ParameterException problem) {
        var command = problem.getCommandLine();
        command.getErr()
                .println("ctl: " + problem.getMessage() + "; "
                        + command.getCommandSpec().qualifiedName() + " --help lists what there is");
        return CommandLine.ExitCode.USAGE;
    }

    /** For bash and zsh; of {@code shunt ctl}. */
    private static CommandSpec completion() {
        var spec = CommandSpec.wrapWithoutInspection((Runnable) () -> {
            var shunt = new CommandLine(CommandSpec.create().name("shunt"));
            shunt.addSubcommand("ctl", commandLine(""));
            System.out.println(AutoComplete.bash("shunt", shunt));
        });
        spec.name("completion")
                .usageMessage()
                .description("Prints a completion script for bash and zsh: source <(./shunt ctl completion)");
        return spec;
    }
}
