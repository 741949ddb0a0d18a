package dev.shunt.ipc;

import static dev.shunt.ipc.FieldReader.bodyKind;
import static dev.shunt.ipc.FieldReader.flag;
import static dev.shunt.ipc.FieldReader.how;
import static dev.shunt.ipc.FieldReader.interest;
import static dev.shunt.ipc.FieldReader.longs;
import static dev.shunt.ipc.FieldReader.options;
import static dev.shunt.ipc.FieldReader.outcome;
import static dev.shunt.ipc.FieldReader.payload;
import static dev.shunt.ipc.FieldReader.peer;
import static dev.shunt.ipc.FieldReader.report;
import static dev.shunt.ipc.FieldReader.retry;
import static dev.shunt.ipc.FieldReader.terms;
import static dev.shunt.ipc.FieldReader.text;
import static dev.shunt.ipc.FieldReader.workKind;

import dev.shunt.ipc.Frame.Acknowledged;
import dev.shunt.ipc.Frame.Adopt;
import dev.shunt.ipc.Frame.Answer;
import dev.shunt.ipc.Frame.Answered;
import dev.shunt.ipc.Frame.Ask;
import dev.shunt.ipc.Frame.AskBody;
import dev.shunt.ipc.Frame.AskControl;
import dev.shunt.ipc.Frame.AskStats;
import dev.shunt.ipc.Frame.AskTaskIds;
import dev.shunt.ipc.Frame.BodyPart;
import dev.shunt.ipc.Frame.Cancel;
import dev.shunt.ipc.Frame.Close;
import dev.shunt.ipc.Frame.Closing;
import dev.shunt.ipc.Frame.Congested;
import dev.shunt.ipc.Frame.Controlled;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.Frame.Hello;
import dev.shunt.ipc.Frame.Interrupt;
import dev.shunt.ipc.Frame.Lease;
import dev.shunt.ipc.Frame.LeaseTerms;
import dev.shunt.ipc.Frame.Leaving;
import dev.shunt.ipc.Frame.PartTaken;
import dev.shunt.ipc.Frame.Ping;
import dev.shunt.ipc.Frame.Pong;
import dev.shunt.ipc.Frame.Post;
import dev.shunt.ipc.Frame.PostRead;
import dev.shunt.ipc.Frame.Posted;
import dev.shunt.ipc.Frame.Published;
import dev.shunt.ipc.Frame.Ready;
import dev.shunt.ipc.Frame.Refused;
import dev.shunt.ipc.Frame.Reload;
import dev.shunt.ipc.Frame.Reported;
import dev.shunt.ipc.Frame.Send;
import dev.shunt.ipc.Frame.SendPart;
import dev.shunt.ipc.Frame.SendTo;
import dev.shunt.ipc.Frame.Sent;
import dev.shunt.ipc.Frame.Settled;
import dev.shunt.ipc.Frame.Shutdown;
import dev.shunt.ipc.Frame.StartFailed;
import dev.shunt.ipc.Frame.Stats;
import dev.shunt.ipc.Frame.Stop;
import dev.shunt.ipc.Frame.Submit;
import dev.shunt.ipc.Frame.Subscribe;
import dev.shunt.ipc.Frame.TakeBack;
import dev.shunt.ipc.Frame.Taken;
import dev.shunt.ipc.Frame.TakenBack;
import dev.shunt.ipc.Frame.TaskEnded;
import dev.shunt.ipc.Frame.TaskIds;
import dev.shunt.ipc.Frame.TaskProgressed;
import dev.shunt.ipc.Frame.TaskStored;
import dev.shunt.ipc.Frame.TaskTaken;
import dev.shunt.ipc.Frame.ToChild;
import dev.shunt.ipc.Frame.Told;
import dev.shunt.ipc.Frame.Uncongested;
import dev.shunt.ipc.Frame.Welcome;
import dev.shunt.ipc.Frame.Withdraw;
import dev.shunt.net.CloseStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every type of frame: its code, how its fields are written and how they are read. A new frame is a record in {@link Frame}
 * and a line here, or in {@link SocketFrameTypes}; no code is used twice, in either direction.
 */
final class FrameTypes<F extends Frame> {

    private static final int CODES = 96;

    /** What a child sends and a manager reads. */
    static final FrameTypes<FromChild> FROM_CHILD = new FrameTypes<>(
            "a child",
            List.of(
                    type(
                            1,
                            Hello.class,
                            (f, out) -> out.putText(f.secret())
                                    .putLong(f.serial())
                                    .putLong(f.pid())
                                    .putText(f.shape())
                                    .putInt(f.maxFrameBytes()),
                            in -> new Hello(text(in), in.getLong(), in.getLong(), text(in), in.getInt())),
                    type(2, Ready.class, (_, _) -> {}, _ -> new Ready()),
                    type(3, StartFailed.class, (f, out) -> out.putText(f.message()), in -> new StartFailed(text(in))),
                    type(
                            4,
                            Settled.class,
                            (f, out) -> out.putLong(f.lease())
                                    .putEnum(f.outcome())
                                    .putLong(f.runNanos())
                                    .putRetry(f.retry())
                                    .putPayload(f.payload()),
                            in -> new Settled(in.getLong(), outcome(in), in.getLong(), retry(in), payload(in))),
                    type(5, TakenBack.class, (f, out) -> out.putLongs(f.leases()), in -> new TakenBack(longs(in))),
                    type(
                            6,
                            Submit.class,
                            (f, out) -> out.putLong(f.taskId())
                                    .putInt(f.group())
                                    .putInt(f.slot())
                                    .putEnum(f.interest())
                                    .putInt(f.type())
                                    .putOptions(f.options())
                                    .putPayload(f.payload()),
                            in -> new Submit(
                                    in.getLong(),
                                    in.getInt(),
                                    in.getInt(),
                                    interest(in),
                                    in.getInt(),
                                    options(in),
                                    payload(in))),
                    type(
                            7,
                            Send.class,
                            (f, out) -> out.putLong(f.connectionId())
                                    .putFlag(f.encoded())
                                    .putPayload(f.payload()),
                            in -> new Send(in.getLong(), flag(in), payload(in))),
                    type(
                            8,
                            Close.class,
                            (f, out) -> out.putLong(f.connectionId())
                                    .putInt(f.why().code())
                                    .putText(f.why().reason()),
                            in -> new Close(in.getLong(), new CloseStatus(in.getInt(), text(in)))),
                    type(
                            50,
                            SendPart.class,
                            (f, out) -> out.putLong(f.connectionId()).putPayload(f.payload()),
                            in -> new SendPart(in.getLong(), payload(in))),
                    type(
                            51,
                            Answer.class,
                            (f, out) -> out.putLong(f.question()).putPayload(f.payload()),
                            in -> new Answer(in.getLong(), payload(in))),
                    type(
                            41,
                            AskControl.class,
                            (f, out) -> out.putLong(f.number()).putPayload(f.asked()),
                            in -> new AskControl(in.getLong(), payload(in))),
                    type(9, AskStats.class, (f, out) -> out.putLong(f.question()), in -> new AskStats(in.getLong())),
                    type(
                            37,
                            Ask.class,
                            (f, out) -> QuestionTypes.write(f.question(), out.putLong(f.number())),
                            in -> new Ask(in.getLong(), QuestionTypes.read(in))),
                    type(
                            39,
                            Subscribe.class,
                            (f, out) -> out.putText(f.topic()).putFlag(f.on()),
                            in -> new Subscribe(text(in), flag(in))),
                    type(10, Shutdown.class, (_, _) -> {}, _ -> new Shutdown()),
                    type(11, Leaving.class, (_, _) -> {}, _ -> new Leaving()),
                    type(21, Reload.class, (f, out) -> out.putFlag(f.tasksOnly()), in -> new Reload(flag(in))),
                    type(
                            23,
                            Acknowledged.class,
                            (f, out) -> out.putLong(f.taskId()),
                            in -> new Acknowledged(in.getLong())),
                    type(
                            25,
                            Reported.class,
                            (f, out) ->
                                    out.putLong(f.lease()).putEnum(f.report()).putPayload(f.payload()),
                            in -> new Reported(in.getLong(), report(in), payload(in))),
                    type(29, Cancel.class, (f, out) -> out.putLong(f.taskId()), in -> new Cancel(in.getLong())),
                    type(
                            30,
                            Post.class,
                            (f, out) ->
                                    out.putInt(f.slotId()).putInt(f.source()).putPayload(f.payload()),
                            in -> new Post(in.getInt(), in.getInt(), payload(in))),
                    type(
                            60,
                            SendTo.class,
                            (f, out) -> out.putInt(f.listener())
                                    .putText(f.host())
                                    .putInt(f.port())
                                    .putPayload(f.payload()),
                            in -> new SendTo(in.getInt(), text(in), in.getInt(), payload(in))),
                    type(32, Withdraw.class, (f, out) -> out.putLong(f.taskId()), in -> new Withdraw(in.getLong())),
                    type(
                            45,
                            Sent.class,
                            (f, out) ->
                                    out.putLong(f.to()).putLong(f.position()).putFlag(f.refused()),
                            in -> new Sent(in.getLong(), in.getLong(), flag(in))),
                    type(47, PostRead.class, (f, out) -> out.putInt(f.slot()), in -> new PostRead(in.getInt())),
                    type(
                            54,
                            AskBody.class,
                            (f, out) -> out.putLong(f.requestId()).putInt(f.bytes()),
                            in -> new AskBody(in.getLong(), in.getInt())),
                    type(
                            34,
                            Pong.class,
                            (f, out) -> out.putLong(f.heapBytes())
                                    .putLong(f.maxHeapBytes())
                                    .putText(f.version()),
                            in -> new Pong(in.getLong(), in.getLong(), text(in))),
                    type(35, AskTaskIds.class, (_, _) -> {}, _ -> new AskTaskIds())),
            SocketFrameTypes.FROM_CHILD);

    /** What a manager sends and a child reads. */
    static final FrameTypes<ToChild> TO_CHILD = new FrameTypes<>(
            "a manager",
            List.of(
                    type(12, Refused.class, (f, out) -> out.putText(f.reason()), in -> new Refused(text(in))),
                    type(13, Welcome.class, (f, out) -> out.putInt(f.maxFrameBytes()), in -> new Welcome(in.getInt())),
                    type(
                            14,
                            Adopt.class,
                            (f, out) -> out.putInt(f.listener()).putPeer(f.peer()),
                            in -> new Adopt(in.getInt(), peer(in))),
                    type(15, Lease.class, FrameTypes::putLease, FrameTypes::lease),
                    type(16, TakeBack.class, (f, out) -> out.putInt(f.count()), in -> new TakeBack(in.getInt())),
                    type(
                            17,
                            TaskEnded.class,
                            (f, out) -> out.putLong(f.taskId())
                                    .putInt(f.slot())
                                    .putEnum(f.outcome())
                                    .putPayload(f.payload())
                                    .putPayload(f.context()),
                            in -> new TaskEnded(in.getLong(), in.getInt(), outcome(in), payload(in), payload(in))),
                    type(18, Congested.class, (f, out) -> out.putLong(f.to()), in -> new Congested(in.getLong())),
                    type(
                            19,
                            Stats.class,
                            (f, out) -> out.putLong(f.question()).putPayload(f.payload()),
                            in -> new Stats(in.getLong(), payload(in))),
                    type(
                            42,
                            Controlled.class,
                            (f, out) -> out.putLong(f.number()).putPayload(f.reply()),
                            in -> new Controlled(in.getLong(), payload(in))),
                    type(
                            38,
                            Told.class,
                            (f, out) ->
                                    out.putLong(f.number()).putText(f.problem()).putPayload(f.answer()),
                            in -> new Told(in.getLong(), text(in), payload(in))),
                    type(
                            40,
                            Published.class,
                            (f, out) -> out.putText(f.topic()).putPayload(f.payload()),
                            in -> new Published(text(in), payload(in))),
                    type(
                            52,
                            PartTaken.class,
                            (f, out) -> out.putLong(f.connectionId()).putInt(f.bytes()),
                            in -> new PartTaken(in.getLong(), in.getInt())),
                    type(
                            53,
                            Answered.class,
                            (f, out) -> out.putLong(f.question()).putEnum(f.how()),
                            in -> new Answered(in.getLong(), how(in))),
                    type(
                            55,
                            BodyPart.class,
                            (f, out) ->
                                    out.putLong(f.requestId()).putEnum(f.kind()).putPayload(f.payload()),
                            in -> new BodyPart(in.getLong(), bodyKind(in), payload(in))),
                    type(20, Stop.class, (_, _) -> {}, _ -> new Stop()),
                    type(22, Uncongested.class, (f, out) -> out.putLong(f.to()), in -> new Uncongested(in.getLong())),
                    type(24, Interrupt.class, (f, out) -> out.putLong(f.lease()), in -> new Interrupt(in.getLong())),
                    type(
                            26,
                            TaskProgressed.class,
                            (f, out) -> out.putLong(f.taskId()).putInt(f.slot()).putPayload(f.payload()),
                            in -> new TaskProgressed(in.getLong(), in.getInt(), payload(in))),
                    type(
                            27,
                            TaskStored.class,
                            (f, out) -> out.putLong(f.taskId()).putInt(f.slot()).putText(f.problem()),
                            in -> new TaskStored(in.getLong(), in.getInt(), text(in))),
                    type(28, TaskTaken.class, (f, out) -> out.putLong(f.taskId()), in -> new TaskTaken(in.getLong())),
                    type(
                            31,
                            Posted.class,
                            (f, out) -> out.putInt(f.slot()).putInt(f.source()).putPayload(f.payload()),
                            in -> new Posted(in.getInt(), in.getInt(), payload(in))),
                    type(44, Closing.class, (f, out) -> out.putLong(f.connectionId()), in -> new Closing(in.getLong())),
                    type(
                            46,
                            Taken.class,
                            (f, out) ->
                                    out.putLong(f.to()).putLong(f.position()).putFlag(f.refused()),
                            in -> new Taken(in.getLong(), in.getLong(), flag(in))),
                    type(33, Ping.class, (_, _) -> {}, _ -> new Ping()),
                    type(36, TaskIds.class, (f, out) -> out.putLong(f.number()), in -> new TaskIds(in.getLong()))),
            SocketFrameTypes.TO_CHILD);

    static final FrameTypes<Frame> ALL = new FrameTypes<>("nobody", FROM_CHILD.types, TO_CHILD.types);

    private static final ClassValue<FrameType<?>> BY_CLASS = new ClassValue<>() {
        @Override
        protected FrameType<?> computeValue(Class<?> itsClass) {
            return ALL.types.stream()
                    .filter(type -> type.type() == itsClass)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(itsClass + " has no line in the table of frames"));
        }
    };

    private final String sender;
    private final List<? extends FrameType<? extends F>> types;
    private final List<@Nullable FrameType<? extends F>> byCode = new ArrayList<>(Collections.nCopies(CODES, null));

    private FrameTypes(
            String sender,
            List<? extends FrameType<? extends F>> types,
            List<? extends FrameType<? extends F>> others) {
        this.sender = sender;
        this.types = Stream.<FrameType<? extends F>>concat(types.stream(), others.stream())
                .toList();
        for (var type : this.types) {
            if (byCode.set(type.code(), type) != null) {
                throw new IllegalStateException("two types of frames have the code " + type.code());
            }
        }
    }

    /** The type of a frame that is to be written. */
    static FrameType<?> of(Frame frame) {
        return BY_CLASS.get(frame.getClass());
    }

    /** @throws IllegalArgumentException if there is none, or if only the other end may send it */
    FrameType<? extends F> withCode(byte code) {
        var type = orNull(code);
        if (type != null) {
            return type;
        }
        var other = ALL.orNull(code);
        throw new IllegalArgumentException(
                other == null ? "a frame of unknown type " + code : sender + " does not send a " + other.name());
    }

    private @Nullable FrameType<? extends F> orNull(byte code) {
        return code < 0 || code >= CODES ? null : byCode.get(code);
    }

    private static <F extends Frame> FrameType<F> type(
            int code, Class<F> type, BiConsumer<F, FieldWriter> writer, Function<ByteBuffer, F> reader) {
        return new FrameType<>(code, type, writer, reader);
    }

    private static void putLease(Lease f, FieldWriter out) {
        out.putLong(f.lease())
                .putEnum(f.kind())
                .putLong(f.subject())
                .putInt(f.attempt())
                .putInt(f.source());
        if (f.kind() == WorkKind.TASK) {
            out.putTerms(f.terms());
        }
        out.putPayload(f.payload());
    }

    private static Lease lease(ByteBuffer in) {
        long lease = in.getLong();
        WorkKind kind = workKind(in);
        return new Lease(
                lease,
                kind,
                in.getLong(),
                in.getInt(),
                in.getInt(),
                kind == WorkKind.TASK ? terms(in) : LeaseTerms.NONE,
                payload(in));
    }
}
