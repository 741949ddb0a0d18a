package dev.shunt.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A program that starts itself again, through {@link LaunchCommand}, and whose second run tells how it was started: its
 * arguments, the JVM's options, its class path.
 */
public final class Relaunch {

    private Relaunch() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        System.exit(run(args));
    }

    public static int run(String[] args) throws IOException, InterruptedException {
        if (System.getProperty("second") == null) {
            System.out.println("given: " + numbers(args));
            var file = Files.createTempDirectory("relaunch").resolve("arguments");
            var builder = new ProcessBuilder(
                    LaunchCommand.ofThisJvm().through(file, List.of("-Dsecond=yes", "-Dboth=child")));
            LaunchCommand.tidy(builder.environment());
            int status = builder.inheritIO().start().waitFor();
            Files.delete(file);
            Files.delete(file.getParent());
            return status;
        }
        System.out.println(
                "arguments: " + Arrays.stream(args).map(arg -> '<' + arg + '>').toList());
        System.out.println("again: " + numbers(args));
        System.out.println("bytes: " + bytesOfArguments());
        System.out.println("command line: "
                + Files.readString(Path.of("/proc/self/cmdline"), ISO_8859_1).replace('\0', ' '));
        System.out.println("options: " + ManagementFactory.getRuntimeMXBean().getInputArguments());
        System.out.println("class path: " + System.getProperty("java.class.path"));
        System.out.println("main module: " + System.getProperty("jdk.module.main"));
        System.out.println("both: " + System.getProperty("both"));
        return 0;
    }

    private static List<String> numbers(String[] args) {
        return Arrays.stream(args)
                .map(arg -> arg.chars().mapToObj(Integer::toString).collect(Collectors.joining(" ")))
                .toList();
    }

    /** What the launcher was given after the main class, in hexadecimal. */
    private static String bytesOfArguments() throws IOException {
        var main = CommandLine.ofThisProcess()
                .orElse(new CommandLine(List.of(), List.of("", "")))
                .main();
        return main.stream()
                .skip(main.getFirst().equals("-jar") ? 2 : 1)
                .map(arg -> HexFormat.of().formatHex(arg.getBytes(ISO_8859_1)))
                .collect(Collectors.joining(" "));
    }
}
