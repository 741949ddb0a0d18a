package dev.shunt.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts the program of this JVM once more, on its own: in a session of its own, so that the terminal may close, deaf to
 * SIGHUP, without input, its output in a file. With setsid(1) and nohup(1), which keep the process id: Java can neither
 * fork nor make a session.
 */
public final class Detached {

    /** A system property of the program that is started so. */
    private static final String PROPERTY = "shunt.detached";

    private static final List<String> WRAPPERS = List.of("nohup", "setsid");

    private Detached() {}

    /** This JVM was started by {@link #start}. */
    public static boolean isThisProcess() {
        return Boolean.getBoolean(PROPERTY);
    }

    /**
     * With the same options and arguments.
     *
     * @param output appended to, and made if missing
     * @throws IOException if the output cannot be written, or no process be started
     */
    public static Process start(Path output) throws IOException {
        var command = new ArrayList<>(WRAPPERS);
        for (var wrapper : WRAPPERS) {
            if (!isThere(wrapper)) {
                throw new IOException("there is no " + wrapper + " in PATH, which -d needs; install it (coreutils,"
                        + " util-linux), or start without -d under a service manager");
            }
        }
        for (var word : LaunchCommand.asItIs("-D" + PROPERTY + "=true")) {
            command.add(given(word));
        }
        return new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(Redirect.appendTo(output.toFile()))
                .redirectError(Redirect.appendTo(output.toFile()))
                .start();
    }

    /** As ProcessBuilder wants it, which will write the bytes that we have. */
    private static String given(String word) throws IOException {
        String text = new String(word.getBytes(ISO_8859_1), CommandLine.nativeCharset());
        if (!CommandLine.bytes(text).equals(word)) {
            throw new IOException("the argument \"" + text + "\" has characters that cannot be written in this locale ("
                    + CommandLine.nativeCharset() + "); say LC_ALL=C.UTF-8");
        }
        return text;
    }

    static boolean isThere(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
