package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Everyone;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages to many: readers that do not read, children that are killed, and as many as a machine has. */
@Tag("processes")
class EveryoneCrowdTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final int SEND_BUFFER = 65_536;
    private static final int CHARACTERS = 20_480;

    /** In a child that has its sockets, as much may be on its way to it; and the last message may go beyond. */
    private static final int MOST_WAITING = 2 * (SEND_BUFFER + CHARACTERS);

    private static Program start(String heap, String arguments) {
        var program = programs.start(
                Launch.of(Everyone.class).withOptions("-Xmx" + heap).withArguments((Object[])
                        arguments.split(" ", -1)));
        program.port();
        return program;
    }

    /** Of a thousand, ten never read: what waits for these is bounded, and in the end they are cut. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--face server --placement event_loop",
                "--face server --placement in_process",
                "--face worker --placement children --processes 2",
                "--face worker --placement children --processes 2 --sockets in_child"
            })
    void someNeverRead_theOthersGetAll(String arguments) {
        int size = 1_000;
        int sleepers = 10;
        int messages = 10;
        var program = start("128m", arguments + " --send-buffer " + SEND_BUFFER + " --patience 5");
        try (var crowd = new Crowd(program.port(), size, sleepers);
                var driver = new TalkClient(program)) {
            crowd.say("join-me g");
            assertThat(crowd.read(2)).as("greeting and answer").isEqualTo(2);
            crowd.saySleepers("join-me asleep");
            await().untilAsserted(() -> {
                assertThat(driver.ask("size g")).isEqualTo(Integer.toString(size));
                assertThat(driver.ask("size asleep")).isEqualTo(Integer.toString(sleepers));
            });

            await().atMost(Program.PATIENCE)
                    .untilAsserted(
                            () -> { // until the kernel has no more room for any
                                driver.ask("flood asleep 100 " + CHARACTERS);
                                assertThat(driver.ask("waiting")).isEqualTo(driver.ask("size asleep"));
                            });
            assertThat(Integer.parseInt(driver.ask("most-waiting"))).isLessThan(MOST_WAITING);
            int told = 0;
            for (int i = 0; i < messages; i += 2) { // which is what may wait for each, and readers keep up
                told += Integer.parseInt(driver.ask("flood g 2 " + CHARACTERS));
                assertThat(crowd.read(2 + i + 2)).isEqualTo(2 + i + 2);
            }
            assertThat(crowd.most()).isEqualTo(2 + messages);
            assertThat(told).isBetween(messages * (size - sleepers), messages * size);
            assertThat(Integer.parseInt(driver.ask("most-waiting"))).isLessThan(MOST_WAITING);

            await().atMost(Program.PATIENCE)
                    .untilAsserted(() -> assertThat(driver.ask("size g")).isEqualTo(Integer.toString(size - sleepers)));
            assertThat(program.errors().stream()
                            .filter(line -> line.contains("its peer has taken nothing for 5000 ms"))
                            .filter(line -> line.contains("(sendTimeout)")))
                    .hasSize(sleepers)
                    .allMatch(line -> line.contains("connection "));
            assertThat(driver.ask("to-group g still-here")).isEqualTo(Integer.toString(size - sleepers));
            assertThat(crowd.read(2 + messages + 1)).isEqualTo(2 + messages + 1);
            assertThat(program.errors()).noneMatch(line -> line.contains("OutOf"));
        }
    }

    @Test
    void killedChildren_midway_membersStay_andHearOnce() {
        var program = start("128m", "--face worker --placement children --processes 2");
        int size = 100;
        try (var crowd = new Crowd(program.port(), size, 0);
                var driver = new TalkClient(program)) {
            crowd.say("join-me g");
            assertThat(crowd.read(2)).isEqualTo(2);
            driver.ask("bind " + driver.id() + " ann");
            driver.ask("keep " + driver.id() + " color red");
            long heard = 2;
            for (int round = 0; round < 3; round++) {
                program.children().forEach(ProcessHandle::destroyForcibly);
                assertThat(driver.ask("to-group g round-" + round)).isEqualTo(Integer.toString(size));
                heard++;
                assertThat(crowd.read(heard)).isEqualTo(heard);
            }
            assertThat(driver.ask("size g")).isEqualTo(Integer.toString(size));
            assertThat(driver.ask("of ann")).isEqualTo("[" + driver.id() + "]");
            assertThat(driver.ask("kept " + driver.id())).isEqualTo("{color=red}");
            var before = program.children();
            driver.ask("reload");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(program.children()).hasSize(2).doesNotContainAnyElementsOf(before));
            assertThat(driver.ask("to-group g reloaded")).isEqualTo(Integer.toString(size));
            assertThat(crowd.read(heard + 1)).isEqualTo(heard + 1);
            assertThat(crowd.most()).isEqualTo(heard + 1);
        }
    }

    @Test
    @Tag("alone")
    void tenThousandConnections_allHear_once() {
        int size = 10_000;
        var program = start("512m", "--face server --placement event_loop");
        try (var crowd = new Crowd(program.port(), size, 0);
                var driver = new TalkClient(program)) {
            assertThat(crowd.read(1)).isEqualTo(1);
            assertThat(driver.ask("clients")).isEqualTo(Integer.toString(size + 1));
            for (int i = 2; i < 7; i++) {
                assertThat(driver.ask("to-all " + "x".repeat(1_024) + " " + driver.id()))
                        .isEqualTo(Integer.toString(size));
                assertThat(crowd.read(i)).isEqualTo(i);
            }
            assertThat(crowd.most()).isEqualTo(6);
        }
    }
}
