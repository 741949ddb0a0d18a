package dev.shunt.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.shunt.files.PrivateFile;
import dev.shunt.log.Log;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * How to start this JVM's program again: the same {@code java}, class or module path, options and arguments, whether it
 * was started from a class path, with {@code -jar}, as a module or as a source file. On Linux and macOS arguments are
 * kept exactly; elsewhere, or in a JVM that no {@code java} command started, an argument with spaces becomes several.
 * All of it goes through a file that only its user reads: a command line is there for everybody to see, and has an end.
 */
public final class LaunchCommand {

    private static final Logger LOG = Log.of(LaunchCommand.class);

    private final List<String> options;
    private final List<String> main;

    private LaunchCommand(List<String> options, List<String> main) {
        this.options = List.copyOf(options);
        this.main = List.copyOf(main);
    }

    /**
     * Runs the same main class, jar, module or source file with the same arguments.
     *
     * @param more options of the JVM
     */
    public static LaunchCommand ofThisJvm(String... more) {
        var line = thisLine();
        var options = new ArrayList<>(line.options());
        Stream.of(more).map(CommandLine::bytes).forEach(options::add);
        return new LaunchCommand(options, line.main());
    }

    /**
     * For programs whose main cannot run again, such as a test or a Spring application: this class and arguments.
     *
     * @throws IllegalStateException if a JVM of its own would not find the class; says why and what to do
     */
    public static LaunchCommand ofMainClass(Class<?> mainClass, String... arguments) {
        return of(ChildMain.of(mainClass), thisLine(), bytes(arguments));
    }

    /** As above, with the arguments that the program was given. */
    public static LaunchCommand ofChildMain(Class<?> mainClass) {
        var line = thisLine();
        return of(ChildMain.of(mainClass), line, line.arguments());
    }

    /** As above, with a class of the class path. */
    public static LaunchCommand ofMainClass(String mainClass, String... arguments) {
        return of(ChildMain.onClassPath(mainClass, List.of()), thisLine(), bytes(arguments));
    }

    private static List<String> bytes(String... words) {
        return Stream.of(words).map(CommandLine::bytes).toList();
    }

    private static LaunchCommand of(ChildMain child, CommandLine line, List<String> arguments) {
        var options = new ArrayList<>(line.options());
        if (!child.options().isEmpty()) {
            options.removeIf(option -> option.startsWith("--class-path=") || option.startsWith("--source="));
            child.options().stream().map(CommandLine::bytes).forEach(options::add);
        }
        return new LaunchCommand(
                options,
                Stream.concat(child.words().stream().map(CommandLine::bytes), arguments.stream())
                        .toList());
    }

    /**
     * Writes the file, mode 0600, and returns the command that has java read it; where an option contradicts an inherited
     * one, the child's wins.
     */
    List<String> through(Path file, List<String> childOptions) throws IOException {
        var words = new ArrayList<>(options);
        childOptions.stream().map(CommandLine::bytes).forEach(words::add);
        words.addAll(main);
        PrivateFile.write(file, ArgumentFile.of(words).getBytes(ISO_8859_1));
        PrivateFile.keepFromCleaners(file);
        return List.of(java(), "@" + file.toAbsolutePath());
    }

    /**
     * The words, a character for each byte, that start this JVM again exactly as it was started; but for the variables of
     * the environment, which add their options again.
     *
     * @param option one more of the JVM
     * @throws IOException if the system does not tell how it was started
     */
    static List<String> asItIs(String option) throws IOException {
        var line = CommandLine.ofThisProcess()
                .orElseThrow(() -> new IOException("the system does not tell how this program was started"));
        return Stream.of(
                        Stream.of(CommandLine.bytes(java()), CommandLine.bytes(option)),
                        line.options().stream(),
                        line.main().stream())
                .flatMap(words -> words)
                .toList();
    }

    /** Of the JVM, a character for each byte. */
    List<String> options() {
        return options;
    }

    /** The class, source file, {@code -jar} and file, or {@code -m} and module; then the program's own arguments. */
    List<String> main() {
        return main;
    }

    /** As a child has it: that of this JVM, which the launcher has made of {@code lib/*} or of an executable jar. */
    String classPath() {
        return System.getProperty("java.class.path", "");
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Removes the variables whose options are in the file already. */
    static void tidy(Map<String, String> environment) {
        InheritedOptions.tidy(environment);
    }

    private static CommandLine thisLine() {
        var environment = CommandLine.environment();
        try {
            var line = CommandLine.ofThisProcess();
            if (line.isPresent()) {
                var options = new ArrayList<String>();
                options.addAll(InheritedOptions.in("JAVA_TOOL_OPTIONS", environment));
                options.addAll(
                        CommandLine.parse(CommandLine.expand(InheritedOptions.in("JDK_JAVA_OPTIONS", environment)))
                                .options());
                options.addAll(line.get().options());
                options.addAll(InheritedOptions.in("_JAVA_OPTIONS", environment));
                return new CommandLine(InheritedOptions.of(options), line.get().main());
            }
        } catch (IOException e) {
            LOG.warn(
                    "the command line of this JVM cannot be read, arguments with spaces will be split: {}",
                    e.toString());
        }
        return fromProperties();
    }

    /** The JVM's own account, which has the variables' options in it but joins the program's arguments with spaces. */
    private static CommandLine fromProperties() {
        var options = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        options.removeIf(option -> option.startsWith("-Djdk.module.main="));
        options.add("--class-path=" + System.getProperty("java.class.path"));
        var command = new ArrayList<>(
                List.of(System.getProperty("sun.java.command", "").split(" ", -1)));
        if (command.getFirst().startsWith("jdk.compiler/")) {
            command.removeFirst(); // the launcher of source files
        } else if (System.getProperty("jdk.module.main") != null) {
            command.addFirst("-m");
        } else if (command.getFirst().endsWith(".jar")) {
            command.addFirst("-jar");
        }
        return new CommandLine(
                InheritedOptions.of(options.stream().map(CommandLine::bytes).toList()),
                command.stream().map(CommandLine::bytes).toList());
    }
}
