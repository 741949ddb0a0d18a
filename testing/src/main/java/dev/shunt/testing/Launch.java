package dev.shunt.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to start: a {@code java} command line with the java of this JVM. Immutable; each method gives a changed copy.
 *
 * @param options of the JVM, before everything else
 * @param command the main class, {@code -jar FILE} or a source file, and the program's own arguments
 * @param environment added to this process's own
 * @param ignored signals that it is started to ignore, as {@code nohup} does
 * @param ownGroup whether it leads a process group, as a program does that a shell starts on a terminal
 * @param descriptors how many it may have, as {@code ulimit -n} sets it; 0 for as many as this process
 */
public record Launch(
        List<String> options,
        List<String> command,
        Map<String, String> environment,
        List<String> ignored,
        boolean ownGroup,
        int descriptors) {

    /** A system property with JVM options, between spaces, that all programs get. */
    static final String MORE_OPTIONS = "shunt.testing.jvmOptions";

    /** A variable of the environment: which java starts the program, if not that of this JVM. */
    private static final String JAVA = "SHUNT_TESTING_JAVA";

    /** A variable of the environment: where the program's own AOT caches are. Without it, it makes and uses none. */
    public static final String CACHE = "XDG_CACHE_HOME";

    private static final List<String> OPTIONS =
            options("--enable-native-access=ALL-UNNAMED " + System.getProperty(MORE_OPTIONS, ""));

    /** Those that a shell may have left ignored, which a program would inherit: a background job of a script, or nohup. */
    private static final String SIGNALS = "--default-signal=INT,HUP,QUIT,TERM";

    public Launch {
        options = List.copyOf(options);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        ignored = List.copyOf(ignored);
    }

    /** A main class of this JVM's class path. */
    public static Launch of(Class<?> main, Object... arguments) {
        return of(main.getName(), arguments);
    }

    /** A main class of this JVM's class path, by name: a class without a package cannot be imported. */
    public static Launch of(String main, Object... arguments) {
        var cache = AotCache.ofThisClassPath();
        String classPath = cache.map(AotCache::classPath).orElseGet(() -> System.getProperty("java.class.path"));
        var launch = java(Stream.concat(Stream.of("-cp", classPath, main), Arrays.stream(arguments))
                .toArray());
        return cache.map(made -> launch.withOptions(made.options().toArray(String[]::new)))
                .orElse(launch);
    }

    /** Whatever {@code java} understands: {@code java("-jar", file, "--port", 0)}. */
    public static Launch java(Object... command) {
        return new Launch(OPTIONS, Arrays.stream(command).map(String::valueOf).toList(), Map.of(), List.of(), false, 0);
    }

    /** As a user starts it who read nothing: without the options that silence the JVM. */
    public Launch withoutOptions() {
        return new Launch(List.of(), command, environment, ignored, ownGroup, descriptors);
    }

    public Launch withOptions(String... more) {
        return new Launch(
                Stream.concat(options.stream(), Arrays.stream(more)).toList(),
                command,
                environment,
                ignored,
                ownGroup,
                descriptors);
    }

    public Launch withArguments(Object... more) {
        return new Launch(
                options,
                Stream.concat(command.stream(), Arrays.stream(more).map(String::valueOf))
                        .toList(),
                environment,
                ignored,
                ownGroup,
                descriptors);
    }

    public Launch withEnvironment(String name, String value) {
        var changed = new HashMap<>(environment);
        changed.put(name, value);
        return new Launch(options, command, changed, ignored, ownGroup, descriptors);
    }

    /** It is started to ignore a signal, such as {@code HUP}. */
    public Launch ignoring(String signal) {
        return new Launch(
                options,
                command,
                environment,
                Stream.concat(ignored.stream(), Stream.of(signal)).toList(),
                ownGroup,
                descriptors);
    }

    /** For {@link Program#interruptGroup}: what Ctrl+C on a terminal does. */
    public Launch inOwnGroup() {
        return new Launch(options, command, environment, ignored, true, descriptors);
    }

    /** By another java than that of this JVM. */
    public Launch withJava(Path java) {
        return withEnvironment(JAVA, java.toString());
    }

    /** With so many file descriptors at most, it and all that it starts. */
    public Launch withDescriptors(int count) {
        return new Launch(options, command, environment, ignored, ownGroup, count);
    }

    /** The command without its class path, which nobody wants to read. */
    String summary() {
        int classPath = command.indexOf("-cp") + 1;
        return command.stream()
                .filter(word -> classPath == 0 || !word.equals(command.get(classPath)))
                .collect(Collectors.joining(" ", "java ", ""));
    }

    private static List<String> options(String words) {
        return List.of(words.strip().split("\\s+"));
    }

    List<String> commandLine() {
        var line = new ArrayList<String>();
        if (descriptors > 0) {
            line.addAll(List.of("bash", "-c", "ulimit -n " + descriptors + "; exec \"$@\"", "bash"));
        }
        line.addAll(List.of("env", SIGNALS));
        ignored.forEach(signal -> line.add("--ignore-signal=" + signal));
        if (ownGroup) {
            line.add("setsid");
        }
        line.add(environment.getOrDefault(
                JAVA, Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        if (environment.containsKey(CACHE)) {
            line.add("-Dshunt.aotCache=true");
        }
        line.addAll(options);
        line.addAll(command);
        return line;
    }
}
