package dev.shunt.ipc;

import static dev.shunt.ipc.FieldReader.doors;
import static dev.shunt.ipc.FieldReader.how;
import static dev.shunt.ipc.FieldReader.list;
import static dev.shunt.ipc.FieldReader.longs;
import static dev.shunt.ipc.FieldReader.payload;
import static dev.shunt.ipc.FieldReader.peer;
import static dev.shunt.ipc.FieldReader.text;

import dev.shunt.ipc.Frame.AnswerPassed;
import dev.shunt.ipc.Frame.AskConnectionIds;
import dev.shunt.ipc.Frame.CloseSocket;
import dev.shunt.ipc.Frame.ConnectionIds;
import dev.shunt.ipc.Frame.CutSocket;
import dev.shunt.ipc.Frame.Deliver;
import dev.shunt.ipc.Frame.DeliverToAll;
import dev.shunt.ipc.Frame.Delivered;
import dev.shunt.ipc.Frame.Doors;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.Frame.PassAnswer;
import dev.shunt.ipc.Frame.SocketClosed;
import dev.shunt.ipc.Frame.SocketCount;
import dev.shunt.ipc.Frame.SocketOpened;
import dev.shunt.ipc.Frame.SocketUpgraded;
import dev.shunt.ipc.Frame.SocketsCounted;
import dev.shunt.ipc.Frame.ToChild;
import dev.shunt.net.CloseStatus;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The part of {@link FrameTypes} that is about sockets of a child. */
final class SocketFrameTypes {

    static final List<FrameType<? extends FromChild>> FROM_CHILD = List.of(
            type(
                    70,
                    SocketOpened.class,
                    (f, out) -> out.putInt(f.listener()).putPeer(f.peer()),
                    in -> new SocketOpened(in.getInt(), peer(in))),
            type(
                    71,
                    SocketUpgraded.class,
                    (f, out) -> out.putLong(f.connectionId()),
                    in -> new SocketUpgraded(in.getLong())),
            type(
                    72,
                    SocketClosed.class,
                    (f, out) -> out.putLong(f.connectionId()).putText(f.reason()),
                    in -> new SocketClosed(in.getLong(), text(in))),
            type(
                    73,
                    SocketsCounted.class,
                    (f, out) -> out.putLong(f.refused())
                            .putLong(f.refusedRequests())
                            .putList(f.counts(), SocketFrameTypes::putCount),
                    in -> new SocketsCounted(
                            in.getLong(),
                            in.getLong(),
                            list(
                                    in,
                                    from -> new SocketCount(
                                            from.getLong(),
                                            from.getLong(),
                                            from.getLong(),
                                            from.getLong(),
                                            from.getLong(),
                                            from.getLong())))),
            type(74, AskConnectionIds.class, (_, _) -> {}, _ -> new AskConnectionIds()),
            type(
                    75,
                    Delivered.class,
                    (f, out) -> out.putLong(f.connectionId()).putLong(f.position()),
                    in -> new Delivered(in.getLong(), in.getLong())),
            type(
                    76,
                    AnswerPassed.class,
                    (f, out) -> out.putLong(f.number()).putEnum(f.how()),
                    in -> new AnswerPassed(in.getLong(), how(in))));

    static final List<FrameType<? extends ToChild>> TO_CHILD = List.of(
            type(
                    80,
                    ConnectionIds.class,
                    (f, out) -> out.putLong(f.first()).putInt(f.count()),
                    in -> new ConnectionIds(in.getLong(), in.getInt())),
            type(
                    81,
                    Deliver.class,
                    (f, out) -> out.putLong(f.connectionId()).putPayload(f.payload()),
                    in -> new Deliver(in.getLong(), payload(in))),
            type(
                    82,
                    DeliverToAll.class,
                    (f, out) -> out.putLongs(f.connectionIds()).putPayload(f.payload()),
                    in -> new DeliverToAll(longs(in), payload(in))),
            type(
                    83,
                    CloseSocket.class,
                    (f, out) -> out.putLong(f.connectionId())
                            .putInt(f.why().code())
                            .putText(f.why().reason()),
                    in -> new CloseSocket(in.getLong(), new CloseStatus(in.getInt(), text(in)))),
            type(
                    84,
                    CutSocket.class,
                    (f, out) -> out.putLong(f.connectionId()).putText(f.reason()),
                    in -> new CutSocket(in.getLong(), text(in))),
            type(
                    85,
                    PassAnswer.class,
                    (f, out) -> out.putLong(f.number()).putPayload(f.payload()),
                    in -> new PassAnswer(in.getLong(), payload(in))),
            type(86, Doors.class, (f, out) -> out.putEnum(f.state()), in -> new Doors(doors(in))));

    private SocketFrameTypes() {}

    private static <F extends Frame> FrameType<F> type(
            int code, Class<F> type, BiConsumer<F, FieldWriter> writer, Function<ByteBuffer, F> reader) {
        return new FrameType<>(code, type, writer, reader);
    }

    private static void putCount(FieldWriter out, SocketCount count) {
        out.putLong(count.connectionId())
                .putLong(count.messages())
                .putLong(count.bytesIn())
                .putLong(count.bytesOut())
                .putLong(count.waitingBytes())
                .putLong(count.heardNanosAgo());
    }
}
