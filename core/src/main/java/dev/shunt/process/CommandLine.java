package dev.shunt.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What followed {@code java} when a JVM was started, cut as JDK 25's launcher does (libjli {@code ParseArguments}). Each
 * character is one byte of what was given: in a locale without it, such as POSIX, {@code Café} cannot be decoded, and
 * would reach a child as something else.
 *
 * @param options the JVM's, each in one word: {@code -cp x} has become {@code --class-path=x}
 * @param main the class, source file, {@code -jar} and file, or {@code -m} and module; then the program's own arguments
 */
record CommandLine(List<String> options, List<String> main) {

    private static final Path PROC = Path.of("/proc/self/cmdline");
    private static final Path PROC_ENVIRONMENT = Path.of("/proc/self/environ");

    private static final Set<String> WITH_SEPARATE_VALUE = Set.of(
            "--class-path",
            "--module-path",
            "--upgrade-module-path",
            "--add-modules",
            "--enable-native-access",
            "--limit-modules",
            "--add-exports",
            "--add-opens",
            "--add-reads",
            "--patch-module",
            "--source");

    private static final Map<String, String> LONG_NAMES =
            Map.of("-cp", "--class-path", "-classpath", "--class-path", "-p", "--module-path", "-m", "--module");

    CommandLine {
        options = List.copyOf(options);
        main = List.copyOf(main);
    }

    /**
     * This process's, exactly; empty where the system does not tell, or if no {@code java} launcher started this JVM.
     */
    static Optional<CommandLine> ofThisProcess() throws IOException {
        var info = ProcessHandle.current().info();
        boolean launcher = info.command()
                .map(command -> Path.of(command).getFileName())
                .filter(name -> name.toString().equals("java"))
                .isPresent();
        if (!launcher) {
            return Optional.empty();
        }
        // The handle's own arguments are cut off after a page on Linux.
        var arguments = Files.exists(PROC)
                ? Optional.of(withoutFirst(words(PROC)))
                : info.arguments()
                        .map(given -> Stream.of(given).map(CommandLine::bytes).toList());
        if (arguments.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(parse(expand(arguments.get()))).filter(line -> !line.main.isEmpty());
    }

    /** The program's own. */
    List<String> arguments() {
        int words = !main.isEmpty()
                        && (main.getFirst().equals("-jar") || main.getFirst().equals("-m"))
                ? 2
                : 1;
        return main.subList(Math.min(words, main.size()), main.size());
    }

    /** The launcher's cut. */
    static CommandLine parse(List<String> words) {
        var options = new ArrayList<String>();
        boolean jar = false;
        int at = 0;
        while (at < words.size() && words.get(at).startsWith("-")) {
            String word = words.get(at++);
            String name = LONG_NAMES.getOrDefault(word, word);
            if (name.equals("--module") && at < words.size()) {
                return new CommandLine(options, main("-m", words.subList(at, words.size())));
            } else if (name.startsWith("--module=")) {
                var rest = new ArrayList<>(words.subList(at, words.size()));
                rest.addFirst(name.substring("--module=".length()));
                return new CommandLine(options, main("-m", rest));
            } else if (WITH_SEPARATE_VALUE.contains(name) && at < words.size()) {
                options.add(name + '=' + words.get(at++));
            } else if (name.equals("-jar")) {
                jar = true;
            } else {
                options.add(name);
            }
        }
        var rest = words.subList(at, words.size());
        return new CommandLine(options, jar ? main("-jar", rest) : rest);
    }

    /**
     * Puts the words of argument files in their place; as in the launcher only before the main class, and not nested.
     */
    static List<String> expand(List<String> words) throws IOException {
        var expanded = new ArrayList<String>();
        boolean disabled = false;
        for (String word : words) {
            if (disabled
                    || word.length() < 2
                    || word.charAt(0) != '@'
                    || !parse(expanded).main.isEmpty()) {
                expanded.add(word);
                disabled |= word.equals("--disable-@files");
            } else if (word.charAt(1) == '@') {
                expanded.add(word.substring(1));
            } else {
                expanded.addAll(ArgumentFile.words(Files.readString(Path.of(text(word.substring(1))), ISO_8859_1)));
            }
        }
        return expanded;
    }

    private static List<String> main(String mode, List<String> rest) {
        var main = new ArrayList<String>();
        main.add(mode);
        main.addAll(rest);
        return main;
    }

    /** The variables that this process was given. */
    static Map<String, String> environment() {
        var variables = new HashMap<String, String>();
        try {
            words(PROC_ENVIRONMENT).stream()
                    .filter(word -> word.indexOf('=') > 0)
                    .forEach(word -> variables.putIfAbsent(
                            word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1)));
        } catch (IOException e) {
            System.getenv().forEach((name, value) -> variables.put(bytes(name), bytes(value)));
        }
        return variables;
    }

    /** The name of the program comes first. */
    private static List<String> withoutFirst(List<String> words) {
        return words.subList(1, words.size());
    }

    /** Each word ends with a NUL. */
    private static List<String> words(Path file) throws IOException {
        var all = Files.readString(file, ISO_8859_1);
        return all.isEmpty()
                ? List.of()
                : List.of(all.substring(0, all.lastIndexOf('\0')).split("\0", -1));
    }

    /** A text as the system is given it, a character for each byte. */
    static String bytes(String text) {
        return new String(text.getBytes(nativeCharset()), ISO_8859_1);
    }

    /** The text of these bytes. */
    static String text(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), nativeCharset());
    }

    /** What the launcher decodes arguments with, and ProcessBuilder encodes them. */
    static Charset nativeCharset() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }
}
