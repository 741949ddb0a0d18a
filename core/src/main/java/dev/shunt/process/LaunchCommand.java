package dev.shunt.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/**
 * How to start this JVM's program again: the same {@code java}, class or module path, options and arguments, whether it
 * was started from a class path, with {@code -jar}, as a module or as a source file. On Linux and macOS arguments are
 * kept exactly; elsewhere, or in a JVM that no {@code java} command started, an argument with spaces becomes several.
 */
public final class LaunchCommand {

    private static final Logger LOG = Log.of(LaunchCommand.class);

    private final List<String> options;
    private final List<String> main;

    private LaunchCommand(List<String> options, List<String> main) {
        this.options = List.copyOf(options);
        this.main = List.copyOf(main);
    }

    /** Runs the same main class, jar, module or source file with the same arguments. */
    public static LaunchCommand ofThisJvm() {
        var line = thisLine();
        return new LaunchCommand(line.options(), line.main());
    }

    /** For programs whose main cannot run again, such as a test or a Spring application: this class and arguments. */
    public static LaunchCommand ofMainClass(Class<?> mainClass, String... arguments) {
        var module = mainClass.getModule();
        if (!module.isNamed()) {
            return ofMainClass(mainClass.getName(), arguments);
        }
        var main = Stream.of("-m", module.getName() + '/' + mainClass.getName());
        return new LaunchCommand(
                thisLine().options(), Stream.concat(main, Stream.of(arguments)).toList());
    }

    /** As above, with a class of the class path. */
    public static LaunchCommand ofMainClass(String mainClass, String... arguments) {
        var options = new ArrayList<>(thisLine().options());
        options.removeIf(option -> option.startsWith("--class-path=") || option.startsWith("--source="));
        options.add("--class-path=" + System.getProperty("java.class.path"));
        return new LaunchCommand(
                options,
                Stream.concat(Stream.of(mainClass), Stream.of(arguments)).toList());
    }

    /** The whole command line; where an option contradicts an inherited one, the child's wins. */
    public List<String> with(List<String> childOptions) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(childOptions);
        command.addAll(main);
        return List.copyOf(command);
    }

    /** Removes the variables whose options are in the command already. */
    static void tidy(Map<String, String> environment) {
        environment.keySet().removeAll(InheritedOptions.VARIABLES);
    }

    @Override
    public String toString() {
        return String.join(" ", with(List.of()));
    }

    private static CommandLine thisLine() {
        var environment = System.getenv();
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
        return new CommandLine(InheritedOptions.of(options), command);
    }
}
