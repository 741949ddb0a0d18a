package dev.shunt.process;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of a file given to java as {@code @file}: separated by white space; quotes group, a backslash inside quotes
 * escapes, at a line's end there it joins lines; {@code #} starts a comment. Source: "java Command-Line Argument Files"
 * in the JDK's tool specifications. Here, as in {@link CommandLine}, each character of a word is one byte of it.
 */
final class ArgumentFile {

    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private ArgumentFile(String text) {
        this.text = text;
    }

    static List<String> words(String text) {
        var file = new ArgumentFile(text);
        while (file.at < text.length()) {
            file.read(text.charAt(file.at++));
        }
        file.endWord();
        return file.words;
    }

    /** What a file with these words has in it: a line for each. */
    static String of(List<String> words) {
        var text = new StringBuilder();
        words.forEach(word -> {
            text.append('"');
            word.chars().forEach(c -> text.append(quoted((char) c)));
            text.append("\"\n");
        });
        return text.toString();
    }

    private static String quoted(char c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\f' -> "\\f";
            case '"', '\\' -> "\\" + c;
            default -> String.valueOf(c);
        };
    }

    private void read(char c) {
        switch (c) {
            case ' ', '\t', '\f', '\n', '\r' -> endWord();
            case '#' -> {
                endWord();
                skip("\n\r", false);
            }
            case '"', '\'' -> {
                inWord = true;
                readQuoted(c);
            }
            default -> {
                inWord = true;
                word.append(c);
            }
        }
    }

    private void readQuoted(char quote) {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                return;
            }
            if (c == '\n' || c == '\r') {
                // A quote that its line does not close ends there.
                endWord();
                return;
            }
            if (c == '\\' && at < text.length()) {
                readEscaped(text.charAt(at++));
            } else {
                word.append(c);
            }
        }
    }

    private void readEscaped(char c) {
        switch (c) {
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            case 't' -> word.append('\t');
            case 'f' -> word.append('\f');
            case '\n', '\r' -> skip(" \t\f\n\r", true);
            default -> word.append(c);
        }
    }

    /** Moves on while the next character is one of these, or while it is not. */
    private void skip(String these, boolean whileOneOfThem) {
        while (at < text.length() && these.indexOf(text.charAt(at)) >= 0 == whileOneOfThem) {
            at++;
        }
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
