package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.programs.Everyone;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be asked about everyone who is connected, in both faces and wherever handlers run: one program, one suite. */
@Tag("processes")
@ParameterizedClass
@EnumSource
class EveryoneContractTest {

    /** Which face, and where its handlers run. */
    enum Where {
        SERVER_EVENT_LOOP("--face server --placement event_loop"),
        SERVER_IN_PROCESS("--face server --placement in_process"),
        SERVER_CHILDREN("--face server --placement children --processes 2"),
        WORKER_EVENT_LOOP("--face worker --placement event_loop"),
        WORKER_CHILDREN("--face worker --placement children --processes 2"),
        WORKER_SOCKETS_IN_CHILD("--face worker --placement children --processes 2 --sockets in_child");

        private final String arguments;

        Where(String arguments) {
            this.arguments = arguments;
        }
    }

    @RegisterExtension
    static final Programs programs = new Programs();

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    EveryoneContractTest(Where where) {
        assertThat(where).isNotNull();
    }

    @BeforeParameterizedClassInvocation
    static void start(Where where) {
        program = programs.start(Launch.of(Everyone.class).withArguments((Object[]) where.arguments.split(" ", -1)));
        program.port();
    }

    private static TalkClient client() {
        return new TalkClient(program);
    }

    @Test
    void connections_arePaged_byIds() {
        try (var one = client();
                var two = client();
                var three = client()) {
            var byId = Stream.of(one, two, three)
                    .sorted(Comparator.comparingLong(TalkClient::id))
                    .toList();
            var first = byId.get(0);
            var second = byId.get(1);
            var third = byId.get(2);
            long before = first.id() - 1;

            assertThat(third.ask("page " + before + " 2")).isEqualTo(first.id() + " " + second.id());
            assertThat(first.ask("page " + second.id() + " 100")).isEqualTo(Long.toString(third.id()));
            assertThat(first.ask("page " + third.id() + " 100")).isEmpty();
            assertThat(Integer.parseInt(second.ask("all"))).isGreaterThanOrEqualTo(3);
            assertThat(first.ask("page 0 0")).startsWith("IllegalArgumentException: connections(0)");
        }
    }

    @Test
    void info_saysWhatTheManagerKnows() {
        var before = Instant.now().minusMillis(50);
        try (var one = client();
                var other = client()) {
            other.ask("open 1");
            var asked = Instant.now();
            other.ask("open 1");
            String info = await().until(() -> one.ask("info " + other.id()), said -> said.contains("bytesIn=14,"));

            assertThat(info).startsWith("ConnectionInfo[id=" + other.id() + ", remoteAddress=127.0.0.1:");
            assertThat(info).contains("localAddress=127.0.0.1:" + program.port(), "protocol=stream");
            assertThat(info).contains("waitingBytes=", "uid=, groups=[]");
            assertThat(field(info, "since")).isBetween(before.minusMillis(1), asked.plusMillis(1)); // it is rounded
            var last = field(info, "lastMessage");
            assertThat(last).isBetween(before.minusMillis(1), Instant.now());
            await().until(() -> {
                other.ask("open 1");
                return field(one.ask("info " + other.id()), "lastMessage").isAfter(last);
            });
            assertThat(one.ask("info 999999999")).isEqualTo("none");
        }
    }

    private static String sorted(long... ids) {
        return LongStream.of(ids).sorted().boxed().toList().toString();
    }

    private static Instant field(String info, String name) {
        return Stream.of(info.split(", "))
                .filter(field -> field.startsWith(name + "="))
                .map(field -> Instant.parse(field.substring(name.length() + 1)))
                .collect(Collectors.toList())
                .getFirst();
    }

    @Test
    void anyConnection_isReached_byItsId() {
        try (var one = client();
                var other = client()) {
            assertThat(one.ask("open " + other.id())).isEqualTo("true");
            assertThat(one.ask("send " + other.id() + " hi")).isEqualTo("true");
            assertThat(other.read()).isEqualTo("hi");
            assertThat(one.ask("shut " + other.id())).isEqualTo("true");
            assertThat(other.awaitClose()).isEmpty();
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(one.ask("open " + other.id())).isEqualTo("false"));
        }
    }

    @Test
    void abort_cuts_andOnCloseComes() {
        try (var one = client();
                var other = client()) {
            assertThat(one.ask("abort " + other.id())).isEqualTo("true");
            assertThat(other.awaitClose()).isEmpty();
            program.awaitLine("^closed " + other.id() + "$");
            assertThat(one.ask("abort " + other.id())).isEqualTo("false");
        }
    }

    @Test
    void group_hearsOnce_butForExceptions() {
        try (var one = client();
                var two = client();
                var three = client()) {
            assertThat(one.ask("join " + one.id() + " g")).isEqualTo("true");
            assertThat(one.ask("join " + two.id() + " g")).isEqualTo("true");
            assertThat(two.ask("join " + two.id() + " g")).isEqualTo("true");
            assertThat(one.ask("join 999999999 g")).isEqualTo("false");
            assertThat(three.ask("members g")).isEqualTo(sorted(one.id(), two.id()));

            assertThat(three.ask("to-group g hello")).isEqualTo("2");
            assertThat(one.read()).isEqualTo("hello");
            assertThat(two.read()).isEqualTo("hello");
            assertThat(two.ask("to-group g again " + two.id())).isEqualTo("1");
            assertThat(one.read()).isEqualTo("again");

            assertThat(two.ask("leave " + two.id() + " g")).isEqualTo("true");
            assertThat(two.ask("leave " + two.id() + " g")).isEqualTo("false");
            await().untilAsserted(() -> assertThat(two.ask("groups")).isEqualTo("{g=1}")); // those of others are gone
            assertThat(two.ask("ungroup g")).isEqualTo("1");
            assertThat(two.ask("to-group g nobody")).isEqualTo("0");
            assertThat(two.ask("groups")).isEqualTo("{}");
        }
    }

    @Test
    void user_isReachedOnAllDevices_andIsOnlineWhileOneIsOpen() {
        try (var phone = client();
                var other = client()) {
            try (var desk = client()) {
                phone.ask("bind " + phone.id() + " ann");
                desk.ask("bind " + desk.id() + " ann");
                phone.ask("join " + phone.id() + " home");
                desk.ask("join " + desk.id() + " home");

                assertThat(other.ask("of ann")).isEqualTo(sorted(phone.id(), desk.id()));
                assertThat(other.ask("whose " + desk.id())).isEqualTo("ann");
                assertThat(other.ask("whose " + other.id())).isEqualTo("nobody");
                assertThat(other.ask("users")).isEqualTo("1 [ann]");
                assertThat(other.ask("users-in home")).isEqualTo("[ann]");
                assertThat(other.ask("info " + desk.id())).contains("uid=ann, groups=[home]");
                assertThat(other.ask("to-user ann hi")).isEqualTo("2");
                assertThat(phone.read()).isEqualTo("hi");
                assertThat(desk.read()).isEqualTo("hi");
            }
            await().untilAsserted(() -> assertThat(other.ask("of ann")).isEqualTo("[" + phone.id() + "]"));
            assertThat(other.ask("members home")).isEqualTo("[" + phone.id() + "]");
            assertThat(other.ask("online ann")).isEqualTo("true");
            assertThat(other.ask("bind " + phone.id() + " bob")).isEqualTo("true");
            assertThat(other.ask("online ann")).isEqualTo("false");
            assertThat(other.ask("unbind " + phone.id() + " ann")).isEqualTo("false");
            assertThat(other.ask("unbind " + phone.id() + " bob")).isEqualTo("true");
            assertThat(other.ask("users")).isEqualTo("0 []");
        }
    }

    @Test
    void all_hear_butForExceptions() {
        try (var one = client();
                var two = client()) {
            await().untilAsserted(() -> assertThat(one.ask("clients")).isEqualTo("2"));
            assertThat(one.ask("to-all hi " + one.id())).isEqualTo("1");
            assertThat(two.read()).isEqualTo("hi");
        }
    }

    @Test
    void sessionFields_areSeenByEveryProcess() {
        try (var one = client();
                var two = client()) {
            assertThat(one.ask("kept " + one.id())).isEqualTo("{}");
            assertThat(one.ask("keep-only " + one.id() + " age 7")).isEqualTo("true");
            assertThat(one.ask("keep " + one.id() + " name ann")).isEqualTo("true");
            assertThat(two.ask("kept " + one.id())).isEqualTo("{age=7, name=ann}");
            assertThat(two.ask("keep-only " + one.id() + " age 8")).isEqualTo("true");
            assertThat(one.ask("kept " + one.id())).isEqualTo("{age=8}");
            assertThat(one.ask("keep " + one.id() + " long " + "x".repeat(65_536)))
                    .startsWith("IllegalStateException: the session of connection " + one.id())
                    .contains("65536 are allowed");
            assertThat(one.ask("kept 999999999")).isEqualTo("none");
        }
    }

    @Test
    void table_isOne_forAllProcesses_andBounded() {
        try (var one = client();
                var two = client()) {
            assertThat(one.ask("table put k v")).isEqualTo("ok");
            assertThat(two.ask("table get k")).isEqualTo("v");
            assertThat(two.ask("table add k w")).isEqualTo("false");
            assertThat(two.ask("table cas k v w")).isEqualTo("true");
            assertThat(one.ask("table cas k v x")).isEqualTo("false");
            assertThat(one.ask("table get k")).isEqualTo("w");
            assertThat(one.ask("table remove k")).isEqualTo("true");
            assertThat(one.ask("table get k")).isEqualTo("none");

            assertThat(two.ask("table put \u0001\u007f\uD83D\uDE00 odd")).isEqualTo("ok");
            assertThat(one.ask("table get \u0001\u007f\uD83D\uDE00")).isEqualTo("odd");
            assertThat(one.ask("table remove \u0001\u007f\uD83D\uDE00")).isEqualTo("true");
            assertThat(one.ask("table put  v")).contains("put(\"\"): a name has 1 to 255 characters");
            assertThat(two.ask("table get " + "k".repeat(256))).contains("get(256 characters): a name has 1 to 255");
            assertThat(two.ask("table note k 7")).isEqualTo("ok");
            assertThat(one.ask("table noted k")).isEqualTo("Note[age=7]");
            assertThat(one.ask("table remove k")).isEqualTo("true");

            assertThat(one.ask("table fill 1500 10")).isEqualTo("filled");
            assertThat(two.ask("table keys")).isEqualTo("1500 of 1500");
            assertThat(one.ask("table fill 2001 10"))
                    .startsWith("IllegalStateException: there is no room for 'k")
                    .contains("and may hold 2000 with 1048576; remove some");
            assertThat(two.ask("table fill 1500 2000")).contains("there is no room");
            assertThat(two.ask("table get k0")).isNotEqualTo("none");
            for (int i = 0; i <= 2000; i++) {
                two.ask("table remove k" + i); // room for other tests
            }
        }
    }

    @Test
    void atomic_isOne_forAllProcesses() {
        try (var one = client();
                var two = client()) {
            assertThat(one.ask("count get")).isEqualTo("0");
            assertThat(two.ask("count cas 0 5")).isEqualTo("true");
            assertThat(one.ask("count add 2")).isEqualTo("7");
            assertThat(two.ask("count sub 10")).isEqualTo("-3");
            assertThat(two.ask("count cas 0 1")).isEqualTo("false");
            assertThat(two.ask("count set " + Long.MAX_VALUE)).isEqualTo("ok");
            assertThat(one.ask("count add 1"))
                    .isEqualTo("IllegalStateException: the counter 'a' is " + Long.MAX_VALUE
                            + ", and with 1 more too large for a long; it stays");
            assertThat(one.ask("count set 0")).isEqualTo("ok");
            assertThat(one.ask("count cas 0 0")).isEqualTo("true");
        }
    }

    @Test
    void published_isHeard_byEachWorkerThatWantsTo() {
        try (var one = client()) {
            int processes = Integer.parseInt(one.ask("publish news " + one.id()));
            assertThat(processes).isBetween(1, 2);
            program.awaitLine("^worker 0 hears " + one.id() + "$");
            program.awaitLine("^worker 1 hears " + one.id() + "$");
            assertThat(one.ask("publish silence now")).isEqualTo("0");
        }
    }
}
