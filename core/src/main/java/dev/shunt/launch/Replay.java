package dev.shunt.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a child has to know of its manager's JVM to come to the same start by running the same {@code main}: which start it
 * serves, and which ones had ended before, and how.
 *
 * @param only no other had been made by then
 * @param ended {@link #RETURNED}, or what was thrown
 */
record Replay(Start own, boolean only, Map<Start, String> ended) {

    static final String RETURNED = "";

    private static final String PROPERTY = "shunt.start";
    private static final String BETWEEN = ",";

    /** Told by the manager; empty in a child whose {@code main} is one of its own, and serves the start it comes to. */
    static Optional<Replay> ofThisProcess() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(Replay::parse);
    }

    /** Cannot be told from the own one, but by the name of the thread that made it, which may have another in each process. */
    boolean mayBeOwn(Start start) {
        return only && start.program().equals(own.program()) && start.before() == 0;
    }

    /** The option of java that tells a child. */
    String option() {
        var words = Stream.<String>builder();
        add(own, words);
        words.add(Boolean.toString(only));
        ended.forEach((start, how) -> {
            add(start, words);
            words.add(how);
        });
        return words.build()
                .map(word -> URLEncoder.encode(word, UTF_8))
                .reduce((before, word) -> before + BETWEEN + word)
                .map(text -> "-D" + PROPERTY + '=' + text)
                .orElseThrow();
    }

    static Replay parse(String text) {
        var words = new ArrayList<String>();
        for (String word : text.split(BETWEEN, -1)) {
            words.add(URLDecoder.decode(word, UTF_8));
        }
        var ended = new HashMap<Start, String>();
        for (int at = 4; at < words.size(); at += 4) {
            ended.put(start(words.subList(at, at + 3)), words.get(at + 3));
        }
        return new Replay(start(words.subList(0, 3)), Boolean.parseBoolean(words.get(3)), ended);
    }

    private static void add(Start start, Stream.Builder<String> words) {
        words.add(start.program()).add(start.thread()).add(Integer.toString(start.before()));
    }

    private static Start start(List<String> words) {
        return new Start(words.get(0), words.get(1), Integer.parseInt(words.get(2)));
    }
}
