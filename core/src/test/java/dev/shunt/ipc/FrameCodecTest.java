package dev.shunt.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Peer;
import dev.shunt.question.OfConnections;
import dev.shunt.stats.Stats;
import dev.shunt.task.Durability;
import dev.shunt.task.Interest;
import dev.shunt.task.Outcome;
import dev.shunt.task.Priority;
import dev.shunt.task.Report;
import dev.shunt.task.Retry;
import dev.shunt.task.TaskHeaders;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameCodecTest {

    private static final TaskHeaders HEADERS = new TaskHeaders(Map.of("traceparent", "00-1-2-01", "ü", ""), false);
    private static final TaskHeaders LATE = new TaskHeaders(Map.of("a", "b"), true);

    private static final Payload TEXT = new Payload.Inline(Data.Kind.TEXT, "grüß".getBytes(UTF_8));
    private static final Payload EMPTY = new Payload.Inline(Data.Kind.BYTES, new byte[0]);
    private static final Payload FILE = new Payload.InFile(Data.Kind.OBJECT, "payload-1");

    private static final Payload SHARED =
            new Payload.InArena(Data.Kind.TEXT, Long.MAX_VALUE, Integer.MAX_VALUE, 1, Long.MIN_VALUE);

    private static final TaskOptions EVERY_OPTION = TaskOptions.DEFAULT
            .retries(Integer.MAX_VALUE)
            .backoff(Duration.ofNanos(1))
            .priority(Priority.URGENT)
            .delay(Duration.ofDays(400))
            .deadline(Duration.ofMillis(5))
            .timeout(Duration.ofSeconds(7, 8))
            .uniqueKey("grün", Unique.Policy.JOIN)
            .orderingKey("k")
            .slot(3)
            .durability(Durability.SYNC)
            .context(Data.of("who asked").encoded());

    /** One of each, with the extremes of its fields. */
    static Stream<Frame> frames() {
        return Stream.of(
                new Frame.Hello("secret", Long.MAX_VALUE, 42, "group a: 1 slots", 1 << 20),
                new Frame.Ready(),
                new Frame.StartFailed("no database"),
                new Frame.Settled(Long.MIN_VALUE, Outcome.FAILED, 17, Retry.giveUp(), TEXT),
                new Frame.TakenBack(List.of()),
                new Frame.TakenBack(List.of(1L, -1L, Long.MAX_VALUE)),
                new Frame.Submit(1, 2, Frame.NO_SLOT, Interest.END, 3, TaskOptions.DEFAULT, FILE),
                new Frame.Submit(1, 2, 0, Interest.HANDLE, -1, EVERY_OPTION, TEXT),
                new Frame.Submit(1, 2, 0, Interest.RESULTS, -1, TaskOptions.DEFAULT.retries(9), TEXT),
                new Frame.Submit(
                        1,
                        2,
                        0,
                        Interest.RESULTS,
                        -1,
                        TaskOptions.DEFAULT.at(Instant.parse("2030-01-01T00:00:00.1Z")),
                        TEXT),
                new Frame.SocketOpened(2, new Peer(7, "10.0.0.1", 1, "10.0.0.2", 80)),
                new Frame.SocketUpgraded(7),
                new Frame.SocketClosed(7, "closed by the peer"),
                new Frame.SocketsCounted(1, 2, List.of(new Frame.SocketCount(7, 1, 2, 3, 4, 5))),
                new Frame.AskConnectionIds(),
                new Frame.Delivered(7, Long.MAX_VALUE),
                new Frame.AnswerPassed(3, Frame.Answered.How.TOO_LATE),
                new Frame.ConnectionIds(4_097, 4_096),
                new Frame.Deliver(7, TEXT),
                new Frame.DeliverToAll(List.of(7L, 8L), TEXT),
                new Frame.CloseSocket(7, new CloseStatus(1012, "the server restarts")),
                new Frame.CutSocket(7, "aborted by the program"),
                new Frame.PassAnswer(3, TEXT),
                new Frame.Doors(Frame.Doors.State.LEAVING),
                new Frame.Cancel(5),
                new Frame.Withdraw(6),
                new Frame.Pong(12_345, 67_890, "1.0"),
                new Frame.Ping(),
                new Frame.Post(1, -1, FILE),
                new Frame.Post(1, -1, SHARED),
                new Frame.Reported(4097, Report.PROGRESSED, TEXT),
                new Frame.Send(9, true, EMPTY),
                new Frame.Sent(Long.MAX_VALUE, Long.MIN_VALUE, true),
                new Frame.Taken(0, Long.MAX_VALUE, false),
                new Frame.PostRead(3),
                new Frame.Congested(Frame.toLease(4097)),
                new Frame.Send(9, false, TEXT),
                new Frame.SendPart(9, TEXT),
                new Frame.Answer(3, TEXT),
                new Frame.PartTaken(9, Frame.PartTaken.GONE),
                new Frame.AskBody(9, 1 << 18),
                new Frame.BodyPart(9, Frame.BodyPart.Kind.FAILED, Payload.inline(Data.of("the client has gone"))),
                new Frame.Answered(3, Frame.Answered.How.TOO_LATE),
                new Frame.Close(7, CloseStatus.toSend(4000, "as agreed")),
                new Frame.Closing(8),
                new Frame.AskStats(1),
                new Frame.AskControl(7, Payload.inline(Data.of("asked"))),
                new Frame.Ask(1, new OfConnections.Page(7, 1_000)),
                new Frame.Subscribe("news", true),
                new Frame.Published("news", TEXT),
                new Frame.Told(1, "there is none", TEXT),
                new Frame.AskTaskIds(),
                new Frame.Reload(true),
                new Frame.Shutdown(),
                new Frame.Leaving(),
                new Frame.Refused("another program"),
                new Frame.Welcome(1 << 20),
                new Frame.SendTo(2, "::1", 65_535, TEXT),
                new Frame.Adopt(1, new Peer(5, "::1", 65_535, "127.0.0.1", 1)),
                new Frame.Lease(4096, WorkKind.MESSAGE, 3, 1, 0, Frame.LeaseTerms.NONE, TEXT),
                new Frame.Lease(4096, WorkKind.TASK, 3, 1, 0, Frame.LeaseTerms.NONE, TEXT),
                new Frame.Lease(
                        1,
                        WorkKind.TASK,
                        3,
                        1,
                        0,
                        new Frame.LeaseTerms(-1, -1, 0, 0, Interest.RESULTS, TaskHeaders.NONE),
                        FILE),
                new Frame.Lease(
                        1,
                        WorkKind.TASK,
                        3,
                        1,
                        0,
                        new Frame.LeaseTerms(7, 99, 1, 5, Interest.HANDLE, TaskHeaders.NONE),
                        EMPTY),
                new Frame.Lease(
                        1, WorkKind.TASK, 3, 1, 0, new Frame.LeaseTerms(-1, -1, 0, 0, Interest.END, HEADERS), EMPTY),
                new Frame.Lease(
                        1, WorkKind.TASK, 3, 1, 0, new Frame.LeaseTerms(3, -1, 0, 0, Interest.END, LATE), EMPTY),
                new Frame.TakeBack(Integer.MAX_VALUE),
                new Frame.TaskEnded(1, 0, Outcome.LOST, FILE, TEXT),
                new Frame.TaskProgressed(1, 0, FILE),
                new Frame.TaskStored(1, 0, "the disk is full"),
                new Frame.TaskTaken(1),
                new Frame.TaskIds(7),
                new Frame.Posted(3, 2, TEXT),
                new Frame.Congested(8),
                new Frame.Uncongested(8),
                new Frame.Acknowledged(9),
                new Frame.Interrupt(4097),
                new Frame.Controlled(7, Payload.inline(Data.of("reply"))),
                new Frame.Stats(1, TEXT),
                new Frame.Stop());
    }

    @Test
    void everyFrame_isTested() {
        assertThat(frames().map(Frame::getClass).distinct()).hasSize(kinds(Frame.class));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void frame_comesBackAsItWas_andLeavesNothing(Frame frame) {
        ByteBuffer bytes = encoded(frame);

        assertSame(FrameCodec.decode(bytes), frame);
        assertThat(bytes.remaining()).isZero();
    }

    @Test
    void stats_crossInAllTheirParts() {
        var stats = new Stats(
                Long.MAX_VALUE,
                new Stats.Connections(1, 2, 3, 4, 27, 28, 29, 30, 31, 35),
                new Stats.Tasks(5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 40, 41),
                new Stats.Slots(23, 24, 25),
                new Stats.Children(26),
                new Stats.Payloads(46, 47, 48),
                new Stats.Packets(31, 32, 33, 34, 35),
                new Stats.Fleet(35, 36, 37, 38, 39, true),
                new Stats.Bus(40, 41, 42, 43, 44, 45, true));
        var frame = (Frame.Stats)
                Objects.requireNonNull(FrameCodec.decode(encoded(new Frame.Stats(1, Payload.inline(Data.of(stats))))));
        var payload = (Payload.Inline) frame.payload();

        assertThat(Data.received(payload.kind(), payload.bytes(), Codec.json()).as(Stats.class))
                .isEqualTo(stats);
        assertThat(new String(payload.bytes(), UTF_8))
                .contains("\"slots\":{\"workers\":23,\"tasks\":24,\"idleTasks\":25}");
    }

    @ParameterizedTest
    @MethodSource("frames")
    void partOfAFrame_isNone_andStaysWhereItIs(Frame frame) {
        ByteBuffer whole = encoded(frame);
        for (int length = 0; length < whole.limit(); length++) {
            ByteBuffer part = whole.duplicate().limit(length);
            assertThat(FrameCodec.decode(part)).isNull();
            assertThat(part.position()).isZero();
        }
    }

    @Test
    void manyFramesInOneBuffer_comeInOrder() {
        var buffer = new FrameBuffer();
        var sent = frames().toList();
        sent.forEach(buffer::append);
        var bytes = ByteBuffer.wrap(buffer.bytes(), 0, buffer.length());
        var received = new ArrayList<Frame>();
        for (Frame frame = FrameCodec.decode(bytes); frame != null; frame = FrameCodec.decode(bytes)) {
            received.add(frame);
        }
        assertThat(received).hasSameSizeAs(sent);
    }

    @Test
    void impossibleLength_isRefused() {
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, FrameCodec.MAX_FRAME_BYTES + 1}) {
            var bytes = ByteBuffer.allocate(8).putInt(length).putInt(0).flip();
            assertThatThrownBy(() -> FrameCodec.decode(bytes))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(length));
        }
    }

    @Test
    void garbage_givesAFrameOrAnError_neverAnythingElse() {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            var body = new byte[1 + random.nextInt(40)];
            random.nextBytes(body);
            body[0] = (byte) random.nextInt(24);
            var bytes = ByteBuffer.allocate(body.length + 4)
                    .putInt(body.length)
                    .put(body)
                    .flip();
            try {
                assertThat(FrameCodec.decode(bytes)).isNotNull();
            } catch (IllegalArgumentException | BufferUnderflowException | ArrayIndexOutOfBoundsException expected) {
                assertThat(expected).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("frames")
    void frame_isReadByTheOtherEnd_andRefusedByItsOwn(Frame frame) {
        ByteBuffer bytes = encoded(frame);
        FrameDecoder<?> other = frame instanceof Frame.FromChild ? FrameCodec::fromChild : FrameCodec::toChild;
        FrameDecoder<?> own = frame instanceof Frame.FromChild ? FrameCodec::toChild : FrameCodec::fromChild;

        assertSame(other.decode(bytes.duplicate()), frame);
        assertThat(other.decode(bytes.duplicate().limit(bytes.limit() - 1))).isNull();
        assertThatThrownBy(() -> own.decode(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("does not send", frame.getClass().getSimpleName());
    }

    private static int kinds(Class<?> sealed) {
        return sealed.isSealed()
                ? Stream.of(sealed.getPermittedSubclasses())
                        .mapToInt(FrameCodecTest::kinds)
                        .sum()
                : 1;
    }

    private static ByteBuffer encoded(Frame frame) {
        var buffer = new FrameBuffer();
        buffer.append(frame);
        return ByteBuffer.wrap(Arrays.copyOf(buffer.bytes(), buffer.length()));
    }

    /** Records compare arrays by identity, so payloads are compared by what they print and their bytes. */
    private static void assertSame(@org.jspecify.annotations.Nullable Frame actual, Frame expected) {
        assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
    }
}
