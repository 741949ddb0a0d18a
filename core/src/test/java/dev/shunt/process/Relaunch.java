package dev.shunt.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

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
            var builder = new ProcessBuilder(LaunchCommand.ofThisJvm().with(List.of("-Dsecond=yes", "-Dboth=child")));
            LaunchCommand.tidy(builder.environment());
            return builder.inheritIO().start().waitFor();
        }
        System.out.println(
                "arguments: " + Arrays.stream(args).map(arg -> '<' + arg + '>').toList());
        System.out.println("options: " + ManagementFactory.getRuntimeMXBean().getInputArguments());
        System.out.println("class path: " + System.getProperty("java.class.path"));
        System.out.println("main module: " + System.getProperty("jdk.module.main"));
        System.out.println("both: " + System.getProperty("both"));
        return 0;
    }
}
