package dev.shunt.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What followed {@code java} when a JVM was started, cut as JDK 25's launcher does (libjli {@code ParseArguments}).
 *
 * @param options the JVM's, each in one word: {@code -cp x} has become {@code --class-path=x}
 * @param main the class, source file, {@code -jar} and file, or {@code -m} and module; then the program's own arguments
 */
record CommandLine(List<String> options, List<String> main) {

    private static final Path PROC = Path.of("/proc/self/cmdline");

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
                ? Optional.of(words(Files.readAllBytes(PROC)))
                : info.arguments().map(List::of);
        if (arguments.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(parse(expand(arguments.get()))).filter(line -> !line.main.isEmpty());
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
                expanded.addAll(ArgumentFile.words(Files.readString(Path.of(word.substring(1)), nativeCharset())));
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

    /** Each argument ends with a NUL; the first is the name of the program. */
    private static List<String> words(byte[] cmdline) {
        var words = new ArrayList<String>();
        int start = 0;
        for (int i = 0; i < cmdline.length; i++) {
            if (cmdline[i] == 0) {
                words.add(new String(cmdline, start, i - start, nativeCharset()));
                start = i + 1;
            }
        }
        return words.subList(1, words.size());
    }

    /** What the launcher decodes arguments with, and ProcessBuilder encodes them. */
    static Charset nativeCharset() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }
}
