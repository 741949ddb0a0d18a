package dev.shunt.examples;

import dev.shunt.Shunt;
import dev.shunt.cron.CronExpression;
import dev.shunt.postgres.PgBus;
import dev.shunt.postgres.PostgresTaskQueue;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Command lines: fills a program's annotated fields from its arguments, or ends the program. */
public final class Options {

    /** What the program exits with when it was started with wrong values. */
    public static final int WRONG_USE = 2;

    private Options() {}

    /** Options of which one may need another. */
    interface Together {

        /** What does not go together, if something does not. */
        Optional<String> problem();
    }

    /**
     * After {@code --help} the program ends here with exit code 0, after saying which value is
     * wrong with 2. A word of the command line, such as {@code start -d}, may come first.
     *
     * @return where the program is to have its run directory, if {@code --run-dir} says so
     */
    public static Optional<Path> read(Object program, String... args) {
        OptionSpec runDirectory =
                OptionSpec.builder("--run-dir")
                        .paramLabel("DIR")
                        .type(Path.class)
                        .description(
                                "where ctl finds it, the socket being DIR/control; default: a"
                                        + " directory of its own under $XDG_RUNTIME_DIR or /tmp")
                        .build();
        OptionSpec watch =
                OptionSpec.builder("--watch")
                        .type(boolean.class)
                        .description(
                                "while you work on it: replace children when a class or a jar changes")
                        .build();
        String name = kebabCase(program.getClass().getSimpleName());
        var commandLine =
                new CommandLine(program)
                        .setCommandName(name)
                        .registerConverter(Address.class, explained(Address::parse))
                        .registerConverter(CronExpression.class, explained(CronExpression::parse))
                        .registerConverter(Delimiter.class, explained(Delimiter::parse))
                        .registerConverter(Ledger.class, explained(Ledger::at))
                        .registerConverter(PgBus.class, explained(PgBus::at))
                        .registerConverter(
                                PostgresTaskQueue.class, explained(PostgresTaskQueue::at));
        commandLine
                .getCommandSpec()
                .addOption(
                        OptionSpec.builder("-h", "--help")
                                .usageHelp(true)
                                .description("this text")
                                .build())
                .addOption(runDirectory)
                .addOption(watch);
        explainEndOfMain(name);
        try {
            parse(commandLine, isForRunningOne(args), Shunt.ownArguments(args));
        } catch (ParameterException e) {
            System.err.println(name + ": " + e.getMessage() + "; --help lists the options");
            System.exit(WRONG_USE);
        } catch (IllegalArgumentException e) { // of the word
            System.err.println(name + ": " + e.getMessage());
            System.exit(WRONG_USE);
        }
        if (watch.getValue() instanceof Boolean wanted && wanted) {
            System.setProperty("shunt.watch", "true");
        }
        Optional<Path> where = Optional.ofNullable(runDirectory.getValue());
        Shunt.commandRunning(args, where);
        return where;
    }

    /** Values that do not go together: the program ends here with exit code 2. */
    public static void wrong(Object program, String why) {
        System.err.println(kebabCase(program.getClass().getSimpleName()) + ": " + why);
        System.exit(WRONG_USE);
    }

    private static boolean isForRunningOne(String... args) {
        return args.length > 0
                && List.of("stop", "reload", "status", "connections").contains(args[0]);
    }

    /** What only a start needs is not asked of who stops it. */
    private static void parse(CommandLine commandLine, boolean isForRunningOne, String... own) {
        commandLine.getCommandSpec().parser().collectErrors(true);
        var result = commandLine.parseArgs(own);
        if (result.isUsageHelpRequested()) {
            commandLine.usage(System.out);
            System.exit(0);
        }
        for (Exception problem : result.errors()) {
            boolean isMissing =
                    problem instanceof MissingParameterException missing
                            && missing.getMissing().stream().allMatch(ArgSpec::required);
            if (!(isForRunningOne && isMissing)) {
                throw (RuntimeException) problem;
            }
        }
        if (!isForRunningOne) {
            checkTogether(commandLine);
        }
    }

    private static void checkTogether(CommandLine commandLine) {
        for (var mixin : commandLine.getMixins().values()) {
            var problem =
                    mixin instanceof Together options
                            ? options.problem()
                            : Optional.<String>empty();
            if (problem.isPresent()) {
                throw new ParameterException(commandLine, problem.get());
            }
        }
    }

    /**
     * A program that cannot start, its port being in use for example, says why in one line; exit
     * code 1.
     */
    private static void explainEndOfMain(String name) {
        Thread.currentThread()
                .setUncaughtExceptionHandler((_, thrown) -> {
                    if (thrown instanceof IllegalStateException
                            || thrown instanceof IllegalArgumentException) {
                        System.err.println(name + ": " + thrown.getMessage());
                    } else {
                        thrown.printStackTrace();
                    }
                });
    }

    /** A whole number within bounds, for converters of options. */
    public static int number(String text, int min, int max) {
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new TypeConversionException("'" + text + "' is no number from " + min + " to " + max);
    }

    /** SwooleTask is the program "swoole-task". */
    private static String kebabCase(String className) {
        return className.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    static <T> ITypeConverter<T> explained(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    /** A name or address to listen on. */
    static final class Host implements ITypeConverter<String> {

        private static final Pattern HOST = Pattern.compile("[\\w.:%-]+");

        @Override
        public String convert(String text) {
            if (HOST.matcher(text).matches()) {
                return text;
            }
            throw new TypeConversionException(
                    "'" + text + "' is no host; give an address of this machine, or 0.0.0.0");
        }
    }

    /** A port to listen on; 0 for any free one. */
    static final class Port implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            return number(text, 0, 65_535);
        }
    }

    /** Whole seconds to wait. */
    public static final class Seconds implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            return number(text, 1, 86_400);
        }
    }
}
