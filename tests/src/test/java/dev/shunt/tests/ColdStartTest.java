package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Launch;
import dev.shunt.testing.LineClient;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Cold;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The first message of a program that has just started, on a machine whose cores are all busy, finds it warm: its first
 * task, with a record each way, has ended within the half second that {@code taskWait} waits, and nobody is warned of.
 */
@Tag("processes")
@Tag("alone")
@Timeout(120)
class ColdStartTest {

    private static final List<String> FORMS = List.of(
            "server CHILDREN CHILDREN",
            "server EVENT_LOOP CHILDREN",
            "server IN_PROCESS CHILDREN",
            "server IN_PROCESS IN_PROCESS",
            "server EVENT_LOOP IN_PROCESS",
            "worker CHILDREN CHILDREN",
            "worker EVENT_LOOP CHILDREN",
            "worker CHILDREN IN_PROCESS",
            "worker IN_PROCESS CHILDREN",
            "worker IN_PROCESS IN_PROCESS");

    @RegisterExtension
    static final Programs programs = new Programs();

    private static final List<Process> BUSY = new ArrayList<>();

    @BeforeAll
    static void keepAllCoresBusy() throws IOException {
        for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
            BUSY.add(new ProcessBuilder("sh", "-c", "while :; do :; done")
                    .redirectOutput(Redirect.DISCARD)
                    .start());
        }
    }

    @AfterAll
    static void leaveThem() {
        BUSY.forEach(Process::destroyForcibly);
    }

    /** Without an AOT cache, and with the JIT as a user has it. */
    @RepeatedTest(20)
    void firstMessage_ofAProgramThatHasJustStarted_isAnsweredInTime(RepetitionInfo repetition) {
        var form = FORMS.get(repetition.getCurrentRepetition() % FORMS.size()).split(" ", -1);
        var program = programs.start(
                Launch.java("-cp", System.getProperty("java.class.path"), Cold.class.getName(), form[0], form[1], form[2])
                        .withoutOptions()
                        .withOptions("--enable-native-access=ALL-UNNAMED"));
        try (var client = new LineClient(program.port())) {
            long began = System.nanoTime();
            String answer = client.ask("ann");
            System.out.println(String.join(" ", form) + " " + (System.nanoTime() - began) / 1_000_000 + " ms " + answer);
            assertThat(answer).isEqualTo("billed 9.5");
        }
        assertThat(program.stop()).isZero();
        assertThat(program.errors()).as("warnings of " + String.join(" ", form)).isEmpty();
    }
}
