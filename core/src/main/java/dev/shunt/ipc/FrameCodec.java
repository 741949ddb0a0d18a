package dev.shunt.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame.Acknowledged;
import dev.shunt.ipc.Frame.Adopt;
import dev.shunt.ipc.Frame.AskStats;
import dev.shunt.ipc.Frame.AskTaskIds;
import dev.shunt.task.Interest;
import dev.shunt.ipc.Frame.Cancel;
import dev.shunt.ipc.Frame.Close;
import dev.shunt.ipc.Frame.Congested;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.Frame.Hello;
import dev.shunt.ipc.Frame.Interrupt;
import dev.shunt.ipc.Frame.Lease;
import dev.shunt.ipc.Frame.LeaseTerms;
import dev.shunt.ipc.Frame.Leaving;
import dev.shunt.task.Outcome;
import dev.shunt.ipc.Frame.Ping;
import dev.shunt.ipc.Frame.Pong;
import dev.shunt.ipc.Frame.Post;
import dev.shunt.ipc.Frame.Posted;
import dev.shunt.ipc.Frame.Ready;
import dev.shunt.ipc.Frame.Refused;
import dev.shunt.ipc.Frame.Reload;
import dev.shunt.task.Report;
import dev.shunt.ipc.Frame.Reported;
import dev.shunt.ipc.Frame.Send;
import dev.shunt.ipc.Frame.Settled;
import dev.shunt.ipc.Frame.Shutdown;
import dev.shunt.ipc.Frame.StartFailed;
import dev.shunt.ipc.Frame.Stats;
import dev.shunt.ipc.Frame.Stop;
import dev.shunt.ipc.Frame.Submit;
import dev.shunt.ipc.Frame.TakeBack;
import dev.shunt.ipc.Frame.TakenBack;
import dev.shunt.ipc.Frame.TaskEnded;
import dev.shunt.ipc.Frame.TaskIds;
import dev.shunt.ipc.Frame.TaskProgressed;
import dev.shunt.ipc.Frame.TaskStored;
import dev.shunt.ipc.Frame.TaskTaken;
import dev.shunt.ipc.Frame.ToChild;
import dev.shunt.ipc.Frame.Uncongested;
import dev.shunt.ipc.Frame.Welcome;
import dev.shunt.ipc.Frame.Withdraw;
import dev.shunt.net.Peer;
import dev.shunt.task.Retry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Frames to bytes and back. The type byte of each frame stands in {@code encode} and once more in {@code decode}. */
@SuppressWarnings("EnumOrdinal") // both ends are the same build, so an ordinal is the same number on both
public final class FrameCodec {

    /** Longest frame accepted; a longer length means that the stream is broken. */
    public static final int MAX_FRAME_BYTES = 256 << 20;

    private static final WorkKind[] WORK_KINDS = WorkKind.values();
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final Data.Kind[] KINDS = Data.Kind.values();
    private static final Interest[] INTERESTS = Interest.values();
    private static final Report[] REPORTS = Report.values();
    private static final List<LeaseTerms> PLAIN_TERMS =
            Stream.of(INTERESTS).map(interest -> new LeaseTerms(-1, -1, 0, interest)).toList();
    private static final long BY_OPTIONS = -1;
    private static final long GIVE_UP = -2;
    private static final int NOT_PLAIN = 0x40;
    private static final int IN_FILE = 0x80;

    private FrameCodec() {}

    /**
     * Takes the next whole frame, of either end, out of {@code in}, or leaves {@code in} as it is and returns null.
     *
     * @throws IllegalArgumentException if the bytes are no frame
     */
    public static @Nullable Frame decode(ByteBuffer in) {
        if (in.remaining() < Integer.BYTES) {
            return null;
        }
        int length = in.getInt(in.position());
        if (length < 1 || length > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("a frame of " + length + " bytes");
        }
        if (in.remaining() < Integer.BYTES + length) {
            return null;
        }
        int end = in.position() + Integer.BYTES + length;
        in.getInt();
        Frame frame = decodeBody(in);
        if (in.position() != end) {
            throw new IllegalArgumentException(
                    "a frame whose length does not fit: " + name(frame));
        }
        return frame;
    }

    /** As {@link #decode}, in the manager. */
    public static @Nullable FromChild fromChild(ByteBuffer in) {
        Frame frame = decode(in);
        return switch (frame) {
            case null -> null;
            case FromChild right -> right;
            case ToChild wrong -> throw new IllegalArgumentException("a child does not send a " + name(wrong));
        };
    }

    /** As {@link #decode}, in a child. */
    public static @Nullable ToChild toChild(ByteBuffer in) {
        Frame frame = decode(in);
        return switch (frame) {
            case null -> null;
            case ToChild right -> right;
            case FromChild wrong -> throw new IllegalArgumentException("a manager does not send a " + name(wrong));
        };
    }

    private static String name(Frame frame) {
        return frame.getClass().getSimpleName();
    }

    static void encode(Frame frame, FrameBuffer out) {
        switch (frame) {
            case Hello f -> {
                out.putByte(1);
                out.putText(f.secret());
                out.putLong(f.serial());
                out.putLong(f.pid());
                out.putText(f.shape());
            }
            case Ready _ -> out.putByte(2);
            case StartFailed f -> {
                out.putByte(3);
                out.putText(f.message());
            }
            case Settled f -> {
                out.putByte(4);
                out.putLong(f.lease());
                out.putByte(f.outcome().ordinal());
                out.putLong(f.runNanos());
                put(f.retry(), out);
                put(f.payload(), out);
            }
            case TakenBack f -> {
                out.putByte(5);
                out.putInt(f.leases().size());
                f.leases().forEach(out::putLong);
            }
            case Submit f -> {
                out.putByte(6);
                out.putLong(f.taskId());
                out.putInt(f.group());
                out.putInt(f.slot());
                out.putByte(f.interest().ordinal());
                out.putInt(f.type());
                OptionsCodec.put(f.options(), out);
                put(f.payload(), out);
            }
            case Send f -> {
                out.putByte(7);
                out.putLong(f.connectionId());
                out.putByte(f.encoded() ? 1 : 0);
                put(f.payload(), out);
            }
            case Close f -> {
                out.putByte(8);
                out.putLong(f.connectionId());
            }
            case AskStats f -> {
                out.putByte(9);
                out.putLong(f.question());
            }
            case Shutdown _ -> out.putByte(10);
            case Leaving _ -> out.putByte(11);
            case Refused f -> {
                out.putByte(12);
                out.putText(f.reason());
            }
            case Welcome _ -> out.putByte(13);
            case Adopt f -> {
                out.putByte(14);
                out.putInt(f.listener());
                put(f.peer(), out);
            }
            case Lease f -> {
                out.putByte(15);
                out.putLong(f.lease());
                out.putByte(f.kind().ordinal());
                out.putLong(f.subject());
                out.putInt(f.attempt());
                out.putInt(f.source());
                if (f.kind() == WorkKind.TASK) {
                    put(f.terms(), out);
                }
                put(f.payload(), out);
            }
            case TakeBack f -> {
                out.putByte(16);
                out.putInt(f.count());
            }
            case TaskEnded f -> {
                out.putByte(17);
                out.putLong(f.taskId());
                out.putInt(f.slot());
                out.putByte(f.outcome().ordinal());
                put(f.payload(), out);
                put(f.context(), out);
            }
            case Reported f -> {
                out.putByte(25);
                out.putLong(f.lease());
                out.putByte(f.report().ordinal());
                put(f.payload(), out);
            }
            case TaskProgressed f -> {
                out.putByte(26);
                out.putLong(f.taskId());
                out.putInt(f.slot());
                put(f.payload(), out);
            }
            case TaskStored f -> {
                out.putByte(27);
                out.putLong(f.taskId());
                out.putInt(f.slot());
                out.putText(f.problem());
            }
            case TaskTaken f -> {
                out.putByte(28);
                out.putLong(f.taskId());
            }
            case Cancel f -> {
                out.putByte(29);
                out.putLong(f.taskId());
            }
            case Post f -> {
                out.putByte(30);
                out.putInt(f.slotId());
                out.putInt(f.source());
                put(f.payload(), out);
            }
            case Posted f -> {
                out.putByte(31);
                out.putInt(f.slot());
                out.putInt(f.source());
                put(f.payload(), out);
            }
            case Withdraw f -> {
                out.putByte(32);
                out.putLong(f.taskId());
            }
            case Ping _ -> out.putByte(33);
            case Pong _ -> out.putByte(34);
            case AskTaskIds _ -> out.putByte(35);
            case TaskIds f -> {
                out.putByte(36);
                out.putLong(f.number());
            }
            case Congested f -> {
                out.putByte(18);
                out.putLong(f.connectionId());
            }
            case Uncongested f -> {
                out.putByte(22);
                out.putLong(f.connectionId());
            }
            case Acknowledged f -> {
                out.putByte(23);
                out.putLong(f.taskId());
            }
            case Stats f -> {
                out.putByte(19);
                out.putLong(f.question());
                put(f.payload(), out);
            }
            case Interrupt f -> {
                out.putByte(24);
                out.putLong(f.lease());
            }
            case Stop _ -> out.putByte(20);
            case Reload f -> {
                out.putByte(21);
                out.putByte(f.tasksOnly() ? 1 : 0);
            }
        }
    }

    private static Frame decodeBody(ByteBuffer in) {
        byte type = in.get();
        return switch (type) {
            case 1 -> new Hello(text(in), in.getLong(), in.getLong(), text(in));
            case 2 -> new Ready();
            case 3 -> new StartFailed(text(in));
            case 4 -> new Settled(in.getLong(), OUTCOMES[in.get()], in.getLong(), retry(in), payload(in));
            case 5 -> new TakenBack(longs(in));
            case 6 ->
                new Submit(
                        in.getLong(),
                        in.getInt(),
                        in.getInt(),
                        INTERESTS[in.get()],
                        in.getInt(),
                        OptionsCodec.get(in),
                        payload(in));
            case 7 -> new Send(in.getLong(), in.get() != 0, payload(in));
            case 8 -> new Close(in.getLong());
            case 9 -> new AskStats(in.getLong());
            case 10 -> new Shutdown();
            case 11 -> new Leaving();
            case 12 -> new Refused(text(in));
            case 13 -> new Welcome();
            case 14 -> new Adopt(in.getInt(), peer(in));
            case 15 -> lease(in);
            case 16 -> new TakeBack(in.getInt());
            case 17 -> new TaskEnded(in.getLong(), in.getInt(), OUTCOMES[in.get()], payload(in), payload(in));
            case 18 -> new Congested(in.getLong());
            case 19 -> new Stats(in.getLong(), payload(in));
            case 20 -> new Stop();
            case 21 -> new Reload(in.get() != 0);
            case 22 -> new Uncongested(in.getLong());
            case 23 -> new Acknowledged(in.getLong());
            case 24 -> new Interrupt(in.getLong());
            case 25 -> new Reported(in.getLong(), REPORTS[in.get()], payload(in));
            case 26 -> new TaskProgressed(in.getLong(), in.getInt(), payload(in));
            case 27 -> new TaskStored(in.getLong(), in.getInt(), text(in));
            case 28 -> new TaskTaken(in.getLong());
            case 29 -> new Cancel(in.getLong());
            case 30 -> new Post(in.getInt(), in.getInt(), payload(in));
            case 31 -> new Posted(in.getInt(), in.getInt(), payload(in));
            case 32 -> new Withdraw(in.getLong());
            case 33 -> new Ping();
            case 34 -> new Pong();
            case 35 -> new AskTaskIds();
            case 36 -> new TaskIds(in.getLong());
            default -> throw new IllegalArgumentException("a frame of unknown type " + type);
        };
    }

    private static Lease lease(ByteBuffer in) {
        long lease = in.getLong();
        WorkKind kind = WORK_KINDS[in.get()];
        return new Lease(
                lease,
                kind,
                in.getLong(),
                in.getInt(),
                in.getInt(),
                kind == WorkKind.TASK ? terms(in) : LeaseTerms.NONE,
                payload(in));
    }

    private static void put(Retry retry, FrameBuffer out) {
        out.putLong(
                switch (retry) {
                    case Retry.ByOptions _ -> BY_OPTIONS;
                    case Retry.GiveUp _ -> GIVE_UP;
                    case Retry.After after -> TimeUnit.NANOSECONDS.convert(after.delay());
                });
    }

    private static Retry retry(ByteBuffer in) {
        long nanos = in.getLong();
        if (nanos == BY_OPTIONS) {
            return Retry.byOptions();
        }
        return nanos == GIVE_UP ? Retry.giveUp() : Retry.after(Duration.ofNanos(nanos));
    }

    /** One byte for a task without anything special, which most are. */
    private static void put(LeaseTerms terms, FrameBuffer out) {
        boolean plain = terms.deadlineMillis() == 0 && terms.type() < 0 && terms.slot() < 0;
        out.putByte((plain ? 0 : NOT_PLAIN) | terms.interest().ordinal());
        if (!plain) {
            out.putInt(terms.type());
            out.putInt(terms.slot());
            out.putLong(terms.deadlineMillis());
        }
    }

    private static LeaseTerms terms(ByteBuffer in) {
        byte head = in.get();
        int interest = head & ~NOT_PLAIN;
        return (head & NOT_PLAIN) == 0
                ? PLAIN_TERMS.get(interest)
                : new LeaseTerms(in.getInt(), in.getInt(), in.getLong(), INTERESTS[interest]);
    }

    static void put(Payload payload, FrameBuffer out) {
        switch (payload) {
            case Payload.Inline p -> {
                out.putByte(p.kind().ordinal());
                out.putBytes(p.bytes());
            }
            case Payload.InFile p -> {
                out.putByte(p.kind().ordinal() | IN_FILE);
                out.putText(p.fileName());
            }
        }
    }

    static Payload payload(ByteBuffer in) {
        int head = Byte.toUnsignedInt(in.get());
        var kind = KINDS[head & ~IN_FILE];
        return (head & IN_FILE) == 0 ? new Payload.Inline(kind, bytes(in)) : new Payload.InFile(kind, text(in));
    }

    private static void put(Peer peer, FrameBuffer out) {
        out.putLong(peer.connectionId());
        out.putText(peer.remoteHost());
        out.putInt(peer.remotePort());
        out.putText(peer.localHost());
        out.putInt(peer.localPort());
    }

    private static Peer peer(ByteBuffer in) {
        return new Peer(in.getLong(), text(in), in.getInt(), text(in), in.getInt());
    }

    private static List<Long> longs(ByteBuffer in) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / Long.BYTES) {
            throw new IllegalArgumentException("a frame with a list of " + count);
        }
        var list = new ArrayList<Long>(count);
        for (int i = 0; i < count; i++) {
            list.add(in.getLong());
        }
        return list;
    }

    static String text(ByteBuffer in) {
        return new String(bytes(in), UTF_8);
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a frame with a field of " + length + " bytes");
        }
        var bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
