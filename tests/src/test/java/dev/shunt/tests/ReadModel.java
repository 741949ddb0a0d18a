package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.control.Inspection;
import dev.shunt.control.Measures;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** What a program shows of itself, against what {@code stats()} counts at the same moment. */
record ReadModel(ControlSocket control) {

    static ReadModel in(Path runDirectory) {
        return new ReadModel(new ControlSocket(runDirectory.resolve("control")));
    }

    void assertAgrees() {
        var seen = control.getPatiently("/api/v1/measures").as(Measures.class);
        var shown = seen.program();
        var counted = seen.stats().tasks();
        long ended = counted.done()
                + counted.failed()
                + counted.lost()
                + counted.timedOut()
                + counted.cancelled()
                + counted.rejected();
        assertThat(shown.types()).as("by type, of %s", counted).satisfies(types -> {
            assertThat(types.stream().mapToLong(Inspection.Type::submitted).sum())
                    .isEqualTo(counted.submitted());
            assertThat(types.stream().mapToLong(Inspection.Type::retried).sum()).isEqualTo(counted.retried());
            assertThat(types.stream().mapToLong(type -> type.ended().done()).sum())
                    .isEqualTo(counted.done());
            assertThat(types.stream().mapToLong(type -> type.ended().failed()).sum())
                    .isEqualTo(counted.failed());
            assertThat(types.stream().mapToLong(type -> type.ended().lost()).sum())
                    .isEqualTo(counted.lost());
            assertThat(types.stream().mapToLong(type -> type.ended().timedOut()).sum())
                    .isEqualTo(counted.timedOut());
            assertThat(types.stream()
                            .mapToLong(type -> type.ended().cancelled())
                            .sum())
                    .isEqualTo(counted.cancelled());
            assertThat(types.stream().mapToLong(type -> type.ended().rejected()).sum())
                    .isEqualTo(counted.rejected());
            assertThat(types.stream()
                            .mapToLong(type -> type.queued() + type.running())
                            .sum())
                    .isEqualTo(counted.submitted() - ended);
        });
        var runs = shown.running().stream()
                .collect(Collectors.groupingBy(Inspection.Running::type, Collectors.counting()));
        assertThat(shown.types())
                .allSatisfy(type ->
                        assertThat(type.running()).as(type.type()).isEqualTo(runs.getOrDefault(type.type(), 0L)));
        assertThat(shown.running()).doesNotHaveDuplicates().hasSize(shown.runningTotal());
        var groups = shown.groups().stream()
                .filter(group -> group.kind().equals("tasks"))
                .toList();
        assertThat(groups.stream().mapToLong(Inspection.Group::delayed).sum()).isEqualTo(counted.delayed());
        assertThat(groups.stream()
                        .mapToLong(group -> group.queued() + group.delayed())
                        .sum())
                .as("queued of %s", groups)
                .isEqualTo(counted.queued());
        assertThat(shown.totals())
                .returns(counted.queued(), Inspection.Totals::queued)
                .returns(counted.running(), Inspection.Totals::running)
                .returns(counted.dead(), Inspection.Totals::dead);
    }
}
