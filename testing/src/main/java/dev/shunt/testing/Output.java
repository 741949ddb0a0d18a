package dev.shunt.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a program has printed so far, both streams in the order of arrival. Filled by two threads, waited on by any. */
final class Output {

    /** One line, and whether it came from the error stream. */
    record Line(boolean error, String text) {}

    private final List<Line> lines = new ArrayList<>();
    private int open = 2;

    /** Reads one of the two streams to its end. */
    void read(BufferedReader stream, boolean error) {
        try (stream) {
            for (String text = stream.readLine(); text != null; text = stream.readLine()) {
                add(new Line(error, text));
            }
        } catch (IOException e) {
            if (!"Stream closed".equals(e.getMessage())) { // how Process ends it when the program was killed
                throw new UncheckedIOException(e);
            }
        } finally {
            end();
        }
    }

    private synchronized void add(Line line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        open--;
        notifyAll();
    }

    /** Whether nothing can come any more. */
    synchronized boolean ended() {
        return open == 0;
    }

    /** Waits until nothing can come any more, or the time is over. */
    synchronized void awaitEnd(Duration patience) {
        awaitUntil(() -> open == 0, patience);
    }

    synchronized List<Line> lines() {
        return List.copyOf(lines);
    }

    /** The first {@code count} lines with a match, or fewer if the output ends or the time is over before. */
    synchronized List<MatchResult> await(Pattern pattern, int count, Duration patience) {
        awaitUntil(() -> open == 0 || matches(pattern).size() >= count, patience);
        var found = matches(pattern);
        return found.subList(0, Math.min(found.size(), count));
    }

    private synchronized void awaitUntil(BooleanSupplier met, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (long left = patience.toMillis();
                left > 0 && !met.getAsBoolean();
                left = (deadline - System.nanoTime()) / 1_000_000) {
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for output", e);
            }
        }
    }

    private List<MatchResult> matches(Pattern pattern) {
        return lines.stream()
                .map(line -> pattern.matcher(line.text()))
                .filter(matcher -> matcher.find())
                .map(matcher -> matcher.toMatchResult())
                .toList();
    }
}
