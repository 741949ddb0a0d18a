package dev.shunt.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures the contenders of a case in turn, so that what else the machine does hits all of them. A contender that fails is
 * left out from then on, and its failure kept; the others go on.
 */
final class Rounds {

    /** Why a contender has no result. */
    record Failure(String scenario, String contender, Map<String, Object> parameters, String reason) {}

    private final Case measured;
    private final Effort effort;
    private final Processes processes;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();

    private static final class Entry {
        private final Contender contender;
        private final Map<String, List<Double>> values = new LinkedHashMap<>();
        /** None if each round has its own. */
        private final @Nullable Started server;

        Entry(Contender contender, @Nullable Started server) {
            this.contender = contender;
            this.server = server;
        }

        void close() {
            if (server != null) {
                server.close();
            }
        }
    }

    Rounds(Case measured, Effort effort, Processes processes) {
        this.measured = measured;
        this.effort = effort;
        this.processes = processes;
    }

    List<Result> run() throws InterruptedException {
        try {
            for (var contender : measured.contenders()) {
                enter(contender);
            }
            if (!effort.quick() || !measured.measurement().isOfFreshServer()) {
                each(effort.warmingUp(), false);
            }
            for (int round = 0; round < effort.rounds(); round++) {
                each(effort, true);
            }
        } finally {
            entries.forEach(Entry::close);
        }
        return entries.stream()
                .flatMap(entry -> entry.values.entrySet().stream()
                        .map(metric -> Result.of(measured, entry.contender, metric.getKey(), metric.getValue())))
                .toList();
    }

    List<Failure> failures() {
        return failures;
    }

    private void enter(Contender contender) throws InterruptedException {
        try {
            entries.add(new Entry(
                    contender,
                    measured.measurement().isOfFreshServer()
                            ? null
                            : Started.start(contender, measured.scenario(), processes)));
        } catch (IOException | RuntimeException e) {
            failed(contender, e);
        }
    }

    private void each(Effort now, boolean counts) throws InterruptedException {
        for (var entry : List.copyOf(entries)) {
            try {
                var values = round(entry, now);
                if (counts) {
                    values.forEach((metric, value) -> entry.values
                            .computeIfAbsent(metric, _ -> new ArrayList<>())
                            .add(value));
                }
            } catch (IOException | RuntimeException e) {
                entry.close();
                entries.remove(entry);
                failed(entry.contender, e);
            }
        }
    }

    private Map<String, Double> round(Entry entry, Effort now) throws IOException, InterruptedException {
        if (entry.server != null) {
            return measured.measurement().round(entry.server, now);
        }
        try (var server = Started.start(entry.contender, measured.scenario(), processes)) {
            return measured.measurement().round(server, now);
        }
    }

    private void failed(Contender contender, Exception e) throws InterruptedException {
        if (processes.isClosed()) {
            throw new InterruptedException("stopped");
        }
        String reason = e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString();
        failures.add(new Failure(measured.scenario(), contender.name(), measured.parameters(), reason));
    }
}
