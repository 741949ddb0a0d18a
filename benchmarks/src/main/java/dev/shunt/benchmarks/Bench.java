package dev.shunt.benchmarks;

import dev.shunt.benchmarks.fleet.FleetCommand;
import dev.shunt.benchmarks.load.RegressCommand;
import dev.shunt.benchmarks.load.RunCommand;
import dev.shunt.benchmarks.load.ServeCommand;
import java.io.IOException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code ./shunt bench}. Exit code 0 if all was measured, 1 if something failed, 2 for wrong use, 128 + n if signal n ended
 * it.
 */
public final class Bench {

    private static final String NAME = "./shunt bench";
    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    private Bench() {}

    public static void main(String... args) throws IOException {
        if (args.length > 0 && args[0].equals("jmh")) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        System.exit(commandLine().execute(args));
    }

    private static CommandLine commandLine() {
        var line = withHelp(new RunCommand())
                .setCommandName(NAME)
                .addSubcommand("serve", withHelp(new ServeCommand()))
                .addSubcommand("regress", withHelp(new RegressCommand()))
                .addSubcommand("fleet", withHelp(new FleetCommand()))
                .setParameterExceptionHandler(Bench::wrongUse)
                .setExecutionExceptionHandler((thrown, _, _) -> {
                    System.err.println("bench: " + thrown.getMessage());
                    return FAILED;
                });
        line.getCommandSpec().usageMessage().footer(RunCommand.scenarios());
        return line;
    }

    private static CommandLine withHelp(Object command) {
        var line = new CommandLine(command);
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("this text")
                        .build());
        return line;
    }

    private static int wrongUse(ParameterException e, String... args) {
        System.err.println("bench: " + e.getMessage() + "; --help lists the options");
        return WRONG_USE;
    }
}
