package dev.shunt.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.ipc.BlockingLink;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.AskStats;
import dev.shunt.ipc.Frame.Hello;
import dev.shunt.ipc.Frame.Refused;
import dev.shunt.ipc.FrameCodec;
import dev.shunt.ipc.Link;
import dev.shunt.ipc.LinkEvents;
import dev.shunt.ipc.SlotTable.SlotState.Idle;
import dev.shunt.ipc.SlotTable.SlotState.Running;
import dev.shunt.ipc.WorkKind;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A supervisor with real child JVMs and real signals. */
@Tag("processes")
class SupervisorTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // each test makes its own
    private TestManager manager;

    @AfterEach
    void end() throws IOException {
        manager.close();
        assertThat(directory).isDirectoryNotContaining("glob:**/shunt-*");
    }

    @Test
    void children_becomeReady_answer_andStopInOrder() throws Exception {
        manage(2, "normal");
        manager.lease(manager.ready.get(0), 5, "echo hello");
        manager.lease(manager.ready.get(1), 6, "echo " + "x".repeat(100_000));
        eventually(() -> manager.settled.size() == 2);
        assertThat(manager.answer(5)).isEqualTo("hello");
        assertThat(manager.answer(6)).hasSize(100_000);
        assertThat(manager.directory.payloads()).isEmptyDirectory();
        assertThat(manager.<List<Child>>call(manager.supervisor::children)).hasSize(2);

        awaitEnd(manager.stopAll(LONG));
        assertThat(manager.events)
                .filteredOn(event -> event.startsWith("down"))
                .hasSize(2)
                .allMatch(event -> event.endsWith("exit code 0"));
        assertThat(manager.fallen).allMatch(fallen -> fallen.slot0().equals(new Idle(1)));
        assertThat(manager.directory.path()).isDirectoryNotContaining("glob:**/slots-*");
    }

    @Test
    void killedChild_isReplaced_andItsSlotTableTellsWhatHadStarted() throws Exception {
        manage(1, "normal");
        var child = manager.ready.getFirst();
        manager.lease(child, 1, "echo x");
        manager.lease(child, 2, "hang");
        eventually(() -> manager.settled.size() == 2);
        signal("KILL", child);
        eventually(() -> manager.ready.size() == 2);
        assertThat(manager.events)
                .containsExactly(
                        "ready 0 serial 1", "down 0 serial 1 killed by signal 9 (SIGKILL)", "ready 0 serial 2");
        var fallen = manager.fallen.getFirst();
        assertThat(fallen.started().subList(0, 4)).containsExactly(false, true, true, false);
        assertThat(fallen.slot0()).isInstanceOfSatisfying(Running.class, running -> {
            assertThat(running.lease()).isEqualTo(2);
            assertThat(running.subject()).isEqualTo(1002);
            assertThat(running.kind()).isEqualTo(WorkKind.TASK);
            assertThat(running.runsEnded()).isEqualTo(1);
        });
    }

    @Test
    void exits_areTold() throws Exception {
        manage(2, "normal");
        manager.lease(manager.ready.get(0), 1, "exit 7");
        manager.lease(manager.ready.get(1), 1, "oom");
        eventually(() -> manager.fallen.size() == 2);
        assertThat(manager.fallen)
                .extracting(TestManager.Fallen::exit)
                .containsExactlyInAnyOrder("exit code 7", "exit code 3: after an OutOfMemoryError, or its own");
        eventually(() -> manager.ready.size() == 4);
    }

    /** The other one runs a handler that never ends, and answers. */
    @Test
    void childThatDoesNotAnswer_isKilled_aBusyOneIsNot() throws Exception {
        manager = new TestManager(directory, 2, "normal", LONG, LONG, Duration.ofSeconds(5));
        manager.start();
        eventually(() -> manager.ready.size() == 2);
        var busy = manager.ready.getFirst();
        manager.lease(busy, 1, "hang");
        eventually(() -> manager.settled.size() == 1);
        signal("STOP", manager.ready.getLast());
        eventually(() -> manager.ready.size() == 3);
        assertThat(manager.fallen)
                .singleElement()
                .satisfies(fallen -> assertThat(fallen.exit())
                        .isEqualTo("killed by signal 9 (SIGKILL) by its manager: it had not answered for 5000 ms"));
        assertThat(manager.<List<Child>>call(manager.supervisor::children)).contains(busy);
    }

    @Test
    void childWithoutALink_isKilledAfterASecond() throws Exception {
        manage(1, "normal");
        manager.lease(manager.ready.getFirst(), 1, "close");
        eventually(() -> manager.fallen.size() == 1);
        assertThat(manager.fallen.getFirst().exit())
                .startsWith("killed by signal 9 (SIGKILL) by its manager: its link was closed");
        eventually(() -> manager.ready.size() == 2);
    }

    @Test
    void childThatSaysWhatOnlyAManagerMay_losesItsLinkAndLife() throws Exception {
        manage(2, "normal");
        manager.lease(manager.ready.get(0), 1, "hello");
        manager.lease(manager.ready.get(1), 1, "lease");
        eventually(() -> manager.fallen.size() == 2);
        eventually(() -> manager.ready.size() == 4);
    }

    @Test
    void stop_ofAStoppedAndAStubbornChild_isByForceAfterTheDeadline() throws Exception {
        manage(2, "stubborn");
        signal("STOP", manager.ready.getFirst());
        awaitEnd(manager.stopAll(Duration.ofMillis(200)));
        assertThat(manager.fallen).hasSize(2).allMatch(fallen -> fallen.exit().contains("200 ms after it was told to"));
        assertThat(manager.ready).hasSize(2);
    }

    @Test
    void stopAll_whileStarting_leavesNothingBehind() throws Exception {
        manager = new TestManager(directory, 2, "normal");
        manager.start();
        awaitEnd(manager.stopAll(LONG));
        assertThat(manager.fallen).hasSize(2);
        assertThat(manager.ready).isEmpty();
    }

    @Test
    void killAll_isAtOnce() throws Exception {
        manage(2, "stubborn");
        var stopped = manager.stopAll(LONG);
        manager.call(manager.supervisor::killAll);
        awaitEnd(stopped);
        assertThat(manager.fallen).allMatch(fallen -> fallen.exit().contains("the program ends at once"));
    }

    @Test
    void firstStart_mainThatReturns_failsAfterThreeTries() throws Exception {
        manager = new TestManager(directory, 1, "returns");
        manager.start();
        eventually(() -> last().startsWith("startFailed"));
        assertThat(last())
                .contains("test 0 3 children in a row", "exit code 0 before it had said hello", "main must come");
        assertThat(manager.fallen).hasSize(3);
    }

    @Test
    void firstStart_thatTheChildReportsFailed_isNotTriedAgain() throws Exception {
        manager = new TestManager(directory, 1, "start fails: no such table");
        manager.start();
        eventually(() -> manager.fallen.size() == 1);
        assertThat(manager.events)
                .satisfiesExactly(
                        event -> assertThat(event)
                                .startsWith("startFailed test 0 child 1")
                                .contains("start fails: no such table"),
                        event -> assertThat(event).isEqualTo("down 0 serial 1 exit code 1"));
    }

    @Test
    void otherShape_isRefusedWithTheDifference() throws Exception {
        var shape = Files.writeString(directory.resolve("shape"), "group test: 9 slots\nlistener none");
        manager = new TestManager(directory, 1, shape.toString());
        manager.start();
        eventually(() -> manager.fallen.size() == 1);
        var diff = "  manager: group test: 2 slots\n  child:   group test: 9 slots";
        assertThat(manager.events.get(0)).isEqualTo("shapeDiffers test 0 " + diff);
        assertThat(manager.events.get(1)).startsWith("startFailed").endsWith(diff);
        assertThat(manager.fallen.getFirst().exit()).isEqualTo("exit code 1");
    }

    @Test
    void otherShape_ofASuccessor_isTriedAgain() throws Exception {
        var shape = Files.writeString(directory.resolve("shape"), TestChild.SHAPE);
        manage(1, shape.toString());
        Files.writeString(shape, "other");
        signal("KILL", manager.ready.getFirst());
        eventually(() -> manager.events.stream()
                        .filter(event -> event.startsWith("shapeDiffers"))
                        .count()
                >= 2);
        assertThat(manager.events).noneMatch(event -> event.startsWith("startFailed"));
        Files.writeString(shape, TestChild.SHAPE);
        eventually(() -> manager.ready.size() == 2);
    }

    @Test
    void childToldToEnd_leavesWhenItsSuccessorIsReady_notBefore() throws Exception {
        manage(1, "normal");
        signal("TERM", manager.ready.getFirst());
        eventually(() -> manager.fallen.size() == 1);
        assertThat(manager.events)
                .containsExactly(
                        "ready 0 serial 1", "retiring 0 serial 1", "ready 0 serial 2", "down 0 serial 1 exit code 0");
    }

    @Test
    void replaced_worksUntilItsSuccessorIsReady_andHasOneOnly() throws Exception {
        manage(1, "normal");
        var old = manager.ready.getFirst();
        manager.replace(old);
        var successor = successorOf(old);
        signal("STOP", successor);
        manager.replace(old);
        manager.lease(old, 1, "echo still here");
        eventually(() -> manager.answer(1).equals("still here"));
        assertThat(manager.events).containsExactly("ready 0 serial 1");
        signal("CONT", successor);
        eventually(() -> manager.fallen.size() == 1);
        assertThat(manager.events.subList(1, 3)).containsExactly("retiring 0 serial 1", "ready 0 serial 2");
        assertThat(manager.<List<Child>>call(manager.supervisor::children)).containsExactly(successor);
    }

    @Test
    void retiring_stubbornChild_isOverdueAtTheDeadline_thenKilled() throws Exception {
        manager = new TestManager(directory, 1, "stubborn", LONG, Duration.ofMillis(100));
        manager.start();
        eventually(() -> manager.ready.size() == 1);
        manager.replace(manager.ready.getFirst());
        eventually(() -> manager.fallen.size() == 1);
        assertThat(manager.events)
                .startsWith("ready 0 serial 1", "retiring 0 serial 1", "ready 0 serial 2", "overdue 0 serial 1")
                .hasSize(5);
        assertThat(manager.fallen.getFirst().exit())
                .startsWith(
                        "killed by signal 9 (SIGKILL) by its manager: it had not ended 1100 ms after it was told to");
    }

    @Test
    void replacedSoon_isKilledAtTheDeadline_whateverItsSuccessorDoes() throws Exception {
        manager = new TestManager(directory, 1, "stubborn", LONG, Duration.ofMillis(500));
        manager.start();
        eventually(() -> manager.ready.size() == 1);
        var old = manager.ready.getFirst();
        manager.replaceSoon(old);
        signal("STOP", successorOf(old));
        eventually(() -> manager.fallen.size() == 1);
        assertThat(manager.events).hasSize(2);
        assertThat(manager.fallen.getFirst().exit()).contains("it had not ended 500 ms after it was told to");
        assertThat(manager.<List<Child>>call(manager.supervisor::children)).hasSize(1);
    }

    @Test
    void successorThatCannotStart_isNotTriedAgain_theOldOneServesOn() throws Exception {
        var mode = manageByFile();
        var old = manager.ready.getFirst();
        Files.writeString(mode, "start fails: no such table");
        manager.replace(old);
        eventually(() -> manager.fallen.size() == 1);
        Files.writeString(mode, "/" + Files.writeString(directory.resolve("shape"), "other"));
        manager.replace(old);
        eventually(() -> manager.fallen.size() == 2);
        assertThat(manager.events)
                .satisfiesExactly(
                        event -> assertThat(event).isEqualTo("ready 0 serial 1"),
                        event -> assertThat(event)
                                .startsWith("notReplaced 0 serial 1 child 2")
                                .contains("start fails: no such table"),
                        event -> assertThat(event).isEqualTo("down 0 serial 2 exit code 1"),
                        event -> assertThat(event).startsWith("shapeDiffers test 0"),
                        event -> assertThat(event)
                                .startsWith("notReplaced 0 serial 1 child 3")
                                .contains("child:   other"),
                        event -> assertThat(event).isEqualTo("down 0 serial 3 exit code 1"));
        manager.lease(old, 1, "echo still here");
        eventually(() -> manager.answer(1).equals("still here"));

        Files.writeString(mode, "normal");
        manager.replace(old);
        eventually(() -> last().equals("down 0 serial 1 exit code 0"));
    }

    @Test
    void successorsThatExit_areThree_thenTheOldOneServesOn() throws Exception {
        var mode = manageByFile();
        Files.writeString(mode, "exits");
        manager.replace(manager.ready.getFirst());
        eventually(() -> last().startsWith("notReplaced 0 serial 1 3 children in a row"));
        assertThat(last()).contains("exit code 7 before it had said hello");
        assertThat(manager.fallen).hasSize(3);
        manager.lease(manager.ready.getFirst(), 1, "echo still here");
        eventually(() -> manager.answer(1).equals("still here"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hangs", "never ready"})
    void successorThatIsKilledWhileItStarts_isStartedAgain(String how) throws Exception {
        var mode = manageByFile();
        Files.writeString(mode, how);
        manager.replace(manager.ready.getFirst());
        var successor = successorOf(manager.ready.getFirst());
        eventually(() -> ChildState.GREETED == manager.call(successor::state) || how.equals("hangs"));
        Files.writeString(mode, "normal");
        signal("KILL", successor);
        eventually(() -> manager.fallen.size() == 2);
        assertThat(manager.events)
                .containsExactly(
                        "ready 0 serial 1",
                        "down 0 serial 2 killed by signal 9 (SIGKILL)",
                        "retiring 0 serial 1",
                        "ready 0 serial 3",
                        "down 0 serial 1 exit code 0");
    }

    @Test
    void childKilledWhileItsSuccessorStarts_isSucceededByThat_noThirdIsStarted() throws Exception {
        manage(1, "normal");
        var old = manager.ready.getFirst();
        manager.replace(old);
        var successor = successorOf(old);
        signal("STOP", successor);
        signal("KILL", old);
        eventually(() -> manager.fallen.size() == 1);
        signal("CONT", successor);
        eventually(() -> manager.ready.size() == 2);
        assertThat(manager.events)
                .containsExactly(
                        "ready 0 serial 1", "down 0 serial 1 killed by signal 9 (SIGKILL)", "ready 0 serial 2");
        assertThat(manager.<Long>call(manager.supervisor::lastSerial)).isEqualTo(2);
    }

    @Test
    void childKilledWhileItLeaves_isNotReplacedAgain_norIsItsSuccessorThatDies_forgotten() throws Exception {
        manage(1, "stubborn");
        var old = manager.ready.getFirst();
        manager.replace(old);
        eventually(() -> manager.ready.size() == 2);
        signal("KILL", manager.ready.getLast());
        eventually(() -> manager.ready.size() == 3);
        signal("KILL", old);
        eventually(() -> manager.fallen.size() == 2);
        assertThat(manager.<Long>call(manager.supervisor::lastSerial)).isEqualTo(3);
    }

    @Test
    void stopAll_whileASuccessorStarts_endsBoth() throws Exception {
        manage(1, "normal");
        manager.replace(manager.ready.getFirst());
        awaitEnd(manager.stopAll(LONG));
        assertThat(manager.fallen).hasSize(2);
        assertThat(manager.ready).hasSize(1);
    }

    @Test
    void interruptAndHangup_ofAChild_areIgnored() throws Exception {
        manage(1, "normal");
        signal("INT", manager.ready.getFirst());
        signal("HUP", manager.ready.getFirst());
        manager.lease(manager.ready.getFirst(), 1, "echo still here");
        eventually(() -> manager.answer(1).equals("still here"));
        assertThat(manager.fallen).isEmpty();
    }

    @Test
    void programStartedByAChild_isNoChild() throws Exception {
        manage(1, "normal");
        manager.lease(manager.ready.getFirst(), 1, "grandchild");
        eventually(() -> manager.answer(1).equals("42"));
    }

    @Test
    void strangersOnTheSocket_areClosed_andTouchNobody() throws Exception {
        manager = new TestManager(directory, 1, "normal", Duration.ofSeconds(12), LONG);
        manager.start();
        eventually(() -> manager.ready.size() == 1);
        var child = manager.ready.getFirst();
        var secret = manager.directory.secret();
        assertThat(closedAfter("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8))).isTrue();
        // Those that are closed only when the time for a hello is over wait for it together.
        try (var strangers = Executors.newVirtualThreadPerTaskExecutor()) {
            var halfAFrame = strangers.submit(() -> closedAfter(new byte[] {0, 0, 0, 5, 1}));
            var twice = strangers.submit(() ->
                    said(new Hello(secret, child.serial(), child.pid(), TestChild.SHAPE, FrameCodec.MAX_FRAME_BYTES)));
            var unknown = strangers.submit(
                    () -> said(new Hello(secret, 99, child.pid(), TestChild.SHAPE, FrameCodec.MAX_FRAME_BYTES)));
            assertThat(said(new AskStats(1))).isEmpty();
            assertThat(said(new Hello(
                            "wrong" + secret,
                            child.serial(),
                            child.pid(),
                            TestChild.SHAPE,
                            FrameCodec.MAX_FRAME_BYTES)))
                    .isEmpty();
            assertThat(halfAFrame.get()).isTrue();
            // With the secret, so one of us: told why.
            assertThat(twice.get())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.reason()).contains("does not expect child 1"));
            assertThat(unknown.get()).hasSize(1);
        }

        manager.lease(child, 1, "echo still here");
        eventually(() -> manager.answer(1).equals("still here"));
        assertThat(manager.events).containsExactly("ready 0 serial 1");
    }

    private void manage(int places, String mode) throws Exception {
        manager = new TestManager(directory, places, mode);
        manager.start();
        eventually(() -> manager.ready.size() == places);
    }

    /** A manager of one child, which does at its start what the file says by then: at first, the normal. */
    private Path manageByFile() throws Exception {
        var mode = Files.writeString(directory.resolve("mode"), "normal");
        manage(1, "@" + mode);
        return mode;
    }

    private Child successorOf(Child old) throws Exception {
        return manager.<List<Child>>call(manager.supervisor::children).stream()
                .filter(child -> child != old)
                .findFirst()
                .orElseThrow();
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(LONG).until(condition);
    }

    private static void awaitEnd(CompletionStage<?> stage) throws Exception {
        stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private String last() {
        return manager.events.isEmpty() ? "" : manager.events.getLast();
    }

    private static void signal(String name, Child child) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(child.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private boolean closedAfter(byte[] bytes) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(manager.directory.socket()))) {
            channel.write(ByteBuffer.wrap(bytes));
            return channel.read(ByteBuffer.allocate(1)) == -1;
        }
    }

    /** What the manager says to one who says this, until it closes the link. */
    private List<Frame> said(Frame frame) throws IOException {
        var frames = new CopyOnWriteArrayList<Frame>();
        var link = BlockingLink.connect(manager.directory.socket());
        link.send(frame);
        link.flush();
        link.run(FrameCodec::toChild, new LinkEvents<>() {
            @Override
            public void opened(Link link) {}

            @Override
            public void received(Link link, Frame.ToChild frame) {
                frames.add(frame);
            }

            @Override
            public void receivedAll(Link link) {}

            @Override
            public void closed(Link link, String reason) {}
        });
        return frames;
    }
}
