package dev.shunt.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.control.ControlException;
import dev.shunt.control.Inspection;
import dev.shunt.control.Measures;
import dev.shunt.control.Measures.Times;
import dev.shunt.control.ScheduleInfo;
import dev.shunt.stats.Stats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Meters by their names and tags, and that the dashboard and the guide know them. */
class ShuntMetersTest {

    /** As docs/metrics.md lists them. */
    private static final String NAMES = """
            shunt.bus.dropped
            shunt.bus.gaps
            shunt.bus.messages direction
            shunt.bus.nodes
            shunt.bus.reachable
            shunt.child.cpu group place
            shunt.child.memory area group place
            shunt.children group
            shunt.children.restarts cause group
            shunt.connections listener
            shunt.connections.accepted listener
            shunt.connections.closed listener reason
            shunt.log.append
            shunt.log.tasks
            shunt.loop.lag loop
            shunt.messages listener
            shunt.queue.limit group
            shunt.queue.oldest.age group
            shunt.schedule.fired name outcome
            shunt.slots group
            shunt.slots.busy group
            shunt.task.run outcome type
            shunt.task.total type
            shunt.task.wait type
            shunt.tasks.dead
            shunt.tasks.delayed group
            shunt.tasks.ended outcome type
            shunt.tasks.queued type
            shunt.tasks.retried type
            shunt.tasks.running type
            shunt.tasks.spilled group
            shunt.tasks.submitted type
            """;

    private static Stats stats() {
        return new Stats(
                0,
                new Stats.Connections(1, 3, 2, 9, 0, 0, 0, 0, 0, 0),
                new Stats.Tasks(7, 1, 2, 3, 1, 0, 0, 0, 0, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                new Stats.Slots(1, 4, 2),
                new Stats.Children(1),
                new Stats.Payloads(0, 0, 0),
                new Stats.Packets(0, 0, 0, 0, 0),
                Stats.Fleet.NONE,
                new Stats.Bus(3, 2, 11, 12, 13, 14, true));
    }

    private static Inspection.Type type(String name) {
        var seen = new Inspection.Latency(4, 0.5, 0.4, 0.9, 1, 2);
        var ended = new Inspection.Ended(3, 1, 0, 0, 0, 0);
        return new Inspection.Type(name, "task", 7, 1, 2, 1, false, ended, seen, seen, seen);
    }

    private static Measures measures(String... types) {
        var group = new Inspection.Group("task", "tasks", "children", 4, 2, 1, 0, 1.5, 1, 100, 0L, 1000L, false, false);
        var child = new Inspection.Child(
                42, "task", 0, 1, "ready", Instant.EPOCH, 1000L, 500L, 900L, 4, 2, null, 1, "killed");
        var program = new Inspection(
                "test",
                1,
                Instant.EPOCH,
                1,
                "running",
                null,
                "/run",
                Instant.EPOCH,
                List.of(),
                List.of(group),
                Stream.of(types).map(ShuntMetersTest::type).toList(),
                List.of(),
                0,
                List.of(child),
                new Inspection.Totals(7, 1, 0, 2, 3, 1, 0, 0, 0, 0, 1, 5, 1, 3, 9, 1, 4, 2),
                List.of(),
                null);
        return new Measures(
                program,
                stats(),
                Stream.of(types)
                        .map(type -> new Measures.Declared(type, "task"))
                        .toList(),
                Stream.of(types)
                        .map(type -> new Measures.Run(type, "done", new Times(4, 2, 1)))
                        .toList(),
                List.of(new ScheduleInfo("nightly", "0 3 * * *", null, false, null, null, null, 2, 1)),
                List.of(new Measures.Listener("tcp://127.0.0.1:1", 3, 1, 1, 0, 9)),
                List.of(new Measures.Restarts("task", "sigkill", 1)),
                List.of(new Measures.Backlog("task", 6)),
                List.of(new Measures.Cpu("task", 0, 1.25)),
                new Times(2, 0.5, 0.4),
                3,
                new Times(10, 0.01, 0.005));
    }

    private static List<String> namesOf(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(meter -> Stream.concat(
                                Stream.of(meter.getId().getName()),
                                meter.getId().getTags().stream().map(Tag::getKey))
                        .collect(Collectors.joining(" ")))
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void meters_haveTheseNamesAndTags_andNoOthers() {
        var registry = new SimpleMeterRegistry();
        new ShuntMeters(() -> measures("Mail")).bindTo(registry);
        assertThat(namesOf(registry)).isEqualTo(NAMES.lines().toList());
        assertThat(Stream.of(ShuntMeter.values()).map(ShuntMeter::meterName).sorted())
                .isEqualTo(NAMES.lines()
                        .map(line -> line.replaceFirst(" .*", ""))
                        .sorted()
                        .toList());
    }

    @Test
    void values_areThoseOfTheProgram_ofOneMoment_readAtMostOnceASecond() {
        var clock = new MockClock();
        var reads = new AtomicInteger();
        var registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
        var meters = new ShuntMeters(
                () -> {
                    reads.incrementAndGet();
                    return measures("Mail");
                },
                clock);
        meters.bindTo(registry);
        assertThat(registry.get("shunt.tasks.submitted").functionCounter().count())
                .isEqualTo(7);
        var run = registry.get("shunt.task.run").tag("outcome", "done").functionTimer();
        assertThat(run.count()).isEqualTo(4);
        assertThat(run.totalTime(TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(registry.get("shunt.child.memory").tag("area", "rss").gauge().value())
                .isEqualTo(1000);
        assertThat(registry.get("shunt.tasks.dead").gauge().value()).isEqualTo(5);
        assertThat(registry.get("shunt.bus.gaps").functionCounter().count()).isEqualTo(13);
        assertThat(reads).hasValue(1);
        clock.add(Duration.ofMillis(1001));
        assertThat(registry.get("shunt.log.tasks").gauge().value()).isEqualTo(3);
        assertThat(reads).hasValue(2);
    }

    @Test
    void bound_andKeptByNobody_areReadAfterACollection() {
        var registry = new SimpleMeterRegistry();
        new ShuntMeters(() -> measures("Mail")).bindTo(registry);
        var collected = new WeakReference<>(new Object());
        for (int i = 0; i < 100 && collected.get() != null; i++) {
            System.gc();
        }
        assertThat(collected.get()).isNull();
        assertThat(registry.get("shunt.tasks.dead").gauge().value()).isEqualTo(5);
    }

    @Test
    void aTypeThatComesLater_joinsTheRegistry() {
        var types = new ArrayList<>(List.of("Mail"));
        var registry = new SimpleMeterRegistry();
        var meters = new ShuntMeters(() -> measures(types.toArray(String[]::new)));
        meters.bindTo(registry);
        types.add("Report");
        assertThat(meters.refresh()).isTrue();
        assertThat(registry.get("shunt.tasks.ended")
                        .tags("type", "Report", "outcome", "done")
                        .functionCounter()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void aProgramThatDoesNotAnswer_leavesWhatIsKnown_andTheTextSaysSo() {
        var registry = new SimpleMeterRegistry();
        var meters = new ShuntMeters(() -> {
            throw ControlException.unavailable("the program has stopped");
        });
        meters.bindTo(registry);
        assertThat(meters.refresh()).isFalse();
        assertThat(registry.get("shunt.tasks.dead").gauge().value()).isNaN();
        var text = new PrometheusFormat().open(() -> {
            throw ControlException.unavailable("the program has stopped");
        });
        assertThatThrownBy(text::page).isInstanceOf(ControlException.class).hasMessage("the program has stopped");
    }

    private static String prometheus() {
        var page = new PrometheusFormat().open(() -> measures("Mail")).page();
        assertThat(page.type()).startsWith("text/plain; version=0.0.4");
        return new String(page.content(), StandardCharsets.UTF_8);
    }

    @Test
    void dashboard_asksForMetersThatThereAre_byTagsThatTheyHave_andForEach() throws IOException {
        var text = prometheus();
        var dashboard = Files.readString(Path.of("..", "deploy", "grafana-dashboard.json"));
        var asked = new TreeSet<String>();
        var names = Pattern.compile("shunt_[a-z_]+").matcher(dashboard);
        while (names.find()) {
            asked.add(names.group());
        }
        assertThat(asked).isNotEmpty().allSatisfy(name -> assertThat(text).containsPattern("(?m)^" + name + "[{ ]"));
        var samples = Pattern.compile("(?m)^(shunt_[a-z_]+)").matcher(text);
        while (samples.find()) {
            assertThat(asked).contains(samples.group(1));
        }
        var tags = Pattern.compile("by \\(([a-z, ]+)\\) \\(\\w*\\(?(shunt_[a-z_]+)")
                .matcher(dashboard);
        int seen = 0;
        while (tags.find()) {
            for (String tag : tags.group(1).split(", ", -1)) {
                assertThat(text).containsPattern("(?m)^" + tags.group(2) + "\\{[^}]*\\b" + tag + "=");
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(10);
    }

    @Test
    void guide_listsEachMeter() throws IOException {
        var guide = Files.readString(Path.of("..", "docs", "metrics.md"));
        assertThat(ShuntMeter.values()).allSatisfy(meter -> assertThat(guide).contains("`" + meter.meterName() + "`"));
    }
}
