package dev.shunt.testkit;

import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.testkit.MemoryRow.State;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A unique key: the task that has it, and those of a schedule that wait for it, as they were held up by the end of a node. */
record MemoryLine(Collection<MemoryRow> rows, String key) {

    boolean lets(MemoryRow row, MemoryRow holder) {
        var due = row.task.due();
        if (due == null || !key.equals(Occurrence.key(due.schedule()))) {
            return false;
        }
        var line = waiting();
        row.missed = due.missed() || holder.deaths > 0 || holder.missed || !line.isEmpty();
        row.state = State.IN_LINE;
        return row.missed && line.size() < Occurrence.MOST_MISSED;
    }

    /** What would not have run on time either, for this one ran when it was due. */
    List<MemoryRow> passed(MemoryRow ended, long nowMillis) {
        var due = ended.task.due();
        long until = due == null ? 0 : due.dueMillis() + nowMillis - ended.claimedMillis;
        return waiting().stream()
                .filter(row -> Objects.requireNonNull(row.task.due()).dueMillis() < until)
                .toList();
    }

    Optional<MemoryRow> holder() {
        return rows.stream().filter(row -> row.holds && key.equals(row.key())).findFirst();
    }

    Optional<MemoryRow> first() {
        return waiting().stream().findFirst();
    }

    private List<MemoryRow> waiting() {
        return rows.stream()
                .filter(row -> row.state == State.IN_LINE && key.equals(row.key()))
                .toList();
    }
}
