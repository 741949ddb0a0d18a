package dev.shunt.ipc;

import static dev.shunt.ipc.FieldReader.flag;
import static dev.shunt.ipc.FieldReader.list;
import static dev.shunt.ipc.FieldReader.longs;
import static dev.shunt.ipc.FieldReader.payload;
import static dev.shunt.ipc.FieldReader.text;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.net.ConnectionInfo;
import dev.shunt.question.Audience;
import dev.shunt.question.OfConnections;
import dev.shunt.question.OfMembers;
import dev.shunt.question.OfSlots;
import dev.shunt.question.OfTables;
import dev.shunt.question.OfTopics;
import dev.shunt.question.Question;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Every question: its code, how its fields are written and read, and how its answer is. A new one is a line here. */
public final class QuestionTypes {

    private static final Shape<Boolean> FLAG = new Shape<>((flag, out) -> out.putFlag(flag), FieldReader::flag);

    private static final Shape<Integer> NUMBER = new Shape<>((number, out) -> out.putInt(number), ByteBuffer::getInt);

    private static final Shape<String> TEXT = new Shape<>((text, out) -> out.putText(text), FieldReader::text);

    private static final Shape<Data> DATA = new Shape<>(
            (data, out) -> out.putPayload(Payload.inline(data)),
            in -> ((Payload.Inline) payload(in)).data(Codec.json()));

    private static final Shape<Audience> AUDIENCE = new Shape<>(
            (audience, out) -> {
                switch (audience) {
                    case Audience.All() -> out.putByte(0);
                    case Audience.Group(String name) -> out.putByte(1).putText(name);
                    case Audience.User(String uid) -> out.putByte(2).putText(uid);
                }
            },
            in -> switch (in.get()) {
                case 0 -> new Audience.All();
                case 1 -> new Audience.Group(text(in));
                case 2 -> new Audience.User(text(in));
                default -> throw new IllegalArgumentException("an audience of unknown type");
            });

    private static final Shape<ConnectionInfo> INFO = new Shape<>(
            (info, out) -> out.putLong(info.id())
                    .putText(info.remoteAddress())
                    .putText(info.localAddress())
                    .putText(info.protocol())
                    .putLong(info.since().toEpochMilli())
                    .putLong(info.lastMessage().toEpochMilli())
                    .putLong(info.bytesIn())
                    .putLong(info.bytesOut())
                    .putLong(info.waitingBytes())
                    .putText(info.uid())
                    .putList(info.groups(), FieldWriter::putText),
            in -> new ConnectionInfo(
                    in.getLong(),
                    text(in),
                    text(in),
                    text(in),
                    Instant.ofEpochMilli(in.getLong()),
                    Instant.ofEpochMilli(in.getLong()),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    text(in),
                    list(in, FieldReader::text)));

    private static final List<Type<?, ?>> TYPES = List.of(
            type(
                    OfConnections.Page.class,
                    (q, out) -> out.putLong(q.afterId()).putInt(q.limit()),
                    in -> new OfConnections.Page(in.getLong(), in.getInt()),
                    INFO.listed()),
            type(
                    OfConnections.Info.class,
                    (q, out) -> out.putLong(q.id()),
                    in -> new OfConnections.Info(in.getLong()),
                    INFO.optional()),
            type(
                    OfConnections.IsOpen.class,
                    (q, out) -> out.putLong(q.id()),
                    in -> new OfConnections.IsOpen(in.getLong()),
                    FLAG),
            type(
                    OfConnections.Abort.class,
                    (q, out) -> out.putLong(q.id()),
                    in -> new OfConnections.Abort(in.getLong()),
                    FLAG),
            type(
                    OfMembers.Join.class,
                    (q, out) -> out.putLong(q.id()).putText(q.group()),
                    in -> new OfMembers.Join(in.getLong(), text(in)),
                    FLAG),
            type(
                    OfMembers.Leave.class,
                    (q, out) -> out.putLong(q.id()).putText(q.group()),
                    in -> new OfMembers.Leave(in.getLong(), text(in)),
                    FLAG),
            type(
                    OfMembers.Ungroup.class,
                    (q, out) -> out.putText(q.group()),
                    in -> new OfMembers.Ungroup(text(in)),
                    NUMBER),
            type(
                    OfMembers.Bind.class,
                    (q, out) -> out.putLong(q.id()).putText(q.uid()),
                    in -> new OfMembers.Bind(in.getLong(), text(in)),
                    FLAG),
            type(
                    OfMembers.Unbind.class,
                    (q, out) -> out.putLong(q.id()).putText(q.uid()),
                    in -> new OfMembers.Unbind(in.getLong(), text(in)),
                    FLAG),
            type(
                    OfMembers.Send.class,
                    (q, out) -> {
                        AUDIENCE.writer().accept(q.to(), out);
                        DATA.writer().accept(q.message(), out);
                        out.putLongs(q.except());
                    },
                    in -> new OfMembers.Send(
                            AUDIENCE.reader().apply(in), DATA.reader().apply(in), longs(in)),
                    NUMBER),
            type(
                    OfMembers.Ids.class,
                    (q, out) -> AUDIENCE.writer().accept(q.of(), out),
                    in -> new OfMembers.Ids(AUDIENCE.reader().apply(in)),
                    new Shape<>((ids, out) -> out.putLongs(ids), FieldReader::longs)),
            type(
                    OfMembers.Count.class,
                    (q, out) -> AUDIENCE.writer().accept(q.of(), out),
                    in -> new OfMembers.Count(AUDIENCE.reader().apply(in)),
                    NUMBER),
            type(
                    OfMembers.UidOf.class,
                    (q, out) -> out.putLong(q.id()),
                    in -> new OfMembers.UidOf(in.getLong()),
                    TEXT.optional()),
            type(
                    OfMembers.Uids.class,
                    (q, out) -> out.putText(q.after()).putInt(q.limit()),
                    in -> new OfMembers.Uids(text(in), in.getInt()),
                    TEXT.listed()),
            type(
                    OfMembers.UidsIn.class,
                    (q, out) -> out.putText(q.group()),
                    in -> new OfMembers.UidsIn(text(in)),
                    TEXT.listed()),
            type(OfMembers.UidCount.class, (_, _) -> {}, _ -> new OfMembers.UidCount(), NUMBER),
            type(
                    OfMembers.Groups.class,
                    (q, out) -> out.putText(q.after()).putInt(q.limit()),
                    in -> new OfMembers.Groups(text(in), in.getInt()),
                    NUMBER.named()),
            type(
                    OfMembers.Keep.class,
                    (q, out) -> {
                        DATA.named().writer().accept(q.fields(), out.putLong(q.id()));
                        out.putFlag(q.only());
                    },
                    in -> new OfMembers.Keep(in.getLong(), DATA.named().reader().apply(in), flag(in)),
                    FLAG),
            type(
                    OfMembers.Kept.class,
                    (q, out) -> out.putLong(q.id()),
                    in -> new OfMembers.Kept(in.getLong()),
                    DATA.named().optional()),
            type(
                    OfSlots.Count.class,
                    (q, out) -> out.putText(q.group()),
                    in -> new OfSlots.Count(text(in)),
                    NUMBER),
            type(
                    OfTables.Get.class,
                    (q, out) -> out.putText(q.table()).putText(q.key()),
                    in -> new OfTables.Get(text(in), text(in)),
                    DATA.optional()),
            type(
                    OfTables.Put.class,
                    (q, out) -> {
                        DATA.writer().accept(q.value(), out.putText(q.table()).putText(q.key()));
                        out.putLong(q.nanos()).putFlag(q.onlyNew());
                    },
                    in -> new OfTables.Put(text(in), text(in), DATA.reader().apply(in), in.getLong(), flag(in)),
                    FLAG),
            type(
                    OfTables.CompareAndSet.class,
                    (q, out) -> {
                        DATA.optional()
                                .writer()
                                .accept(q.expected(), out.putText(q.table()).putText(q.key()));
                        DATA.writer().accept(q.next(), out);
                    },
                    in -> new OfTables.CompareAndSet(
                            text(in),
                            text(in),
                            DATA.optional().reader().apply(in),
                            DATA.reader().apply(in)),
                    FLAG),
            type(
                    OfTables.Increment.class,
                    (q, out) -> out.putText(q.table()).putText(q.key()).putLong(q.by()),
                    in -> new OfTables.Increment(text(in), text(in), in.getLong()),
                    new Shape<>((number, out) -> out.putLong(number), ByteBuffer::getLong)),
            type(
                    OfTables.Remove.class,
                    (q, out) -> out.putText(q.table()).putText(q.key()),
                    in -> new OfTables.Remove(text(in), text(in)),
                    FLAG),
            type(
                    OfTables.Keys.class,
                    (q, out) -> out.putText(q.table()).putText(q.after()).putInt(q.limit()),
                    in -> new OfTables.Keys(text(in), text(in), in.getInt()),
                    TEXT.listed()),
            type(OfTables.Size.class, (q, out) -> out.putText(q.table()), in -> new OfTables.Size(text(in)), NUMBER),
            type(
                    OfTopics.Publish.class,
                    (q, out) -> DATA.writer().accept(q.message(), out.putText(q.topic())),
                    in -> new OfTopics.Publish(text(in), DATA.reader().apply(in)),
                    NUMBER));

    private static final ClassValue<Integer> CODES = new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> itsClass) {
            for (int code = 0; code < TYPES.size(); code++) {
                if (TYPES.get(code).type() == itsClass) {
                    return code;
                }
            }
            throw new IllegalStateException(itsClass + " has no line in the table of questions");
        }
    };

    private QuestionTypes() {}

    /** How something looks between processes. */
    private record Shape<T>(BiConsumer<T, FieldWriter> writer, Function<ByteBuffer, T> reader) {

        Shape<List<T>> listed() {
            return new Shape<>(
                    (all, out) -> out.putList(all, (same, one) -> writer.accept(one, same)), in -> list(in, reader));
        }

        /** By name, in the order in which they come. */
        Shape<Map<String, T>> named() {
            return new Shape<>(
                    (all, out) -> out.putList(
                            all.entrySet(), (same, one) -> writer.accept(one.getValue(), same.putText(one.getKey()))),
                    in -> {
                        var all = new LinkedHashMap<String, T>();
                        list(in, bytes -> all.put(text(bytes), reader.apply(bytes)));
                        return all;
                    });
        }

        Shape<Optional<T>> optional() {
            return new Shape<>(
                    (one, out) -> {
                        out.putFlag(one.isPresent());
                        one.ifPresent(value -> writer.accept(value, out));
                    },
                    in -> flag(in) ? Optional.of(reader.apply(in)) : Optional.empty());
        }
    }

    /** The code is its place in the table: manager and child are the same build. */
    private record Type<Q extends Question<R>, R>(Class<Q> type, Shape<Q> question, Shape<R> answer) {

        void write(Question<?> asked, FieldWriter out) {
            question.writer().accept(type.cast(asked), out);
        }

        @SuppressWarnings("unchecked") // what answers a question gives what its type says
        void writeAnswer(Object value, FieldWriter out) {
            answer.writer().accept((R) value, out);
        }
    }

    private static <Q extends Question<R>, R> Type<Q, R> type(
            Class<Q> type, BiConsumer<Q, FieldWriter> writer, Function<ByteBuffer, Q> reader, Shape<R> answer) {
        return new Type<>(type, new Shape<>(writer, reader), answer);
    }

    static void write(Question<?> question, FieldWriter out) {
        int code = CODES.get(question.getClass());
        TYPES.get(code).write(question, out.putByte(code));
    }

    static Question<?> read(ByteBuffer in) {
        int code = in.get();
        if (code < 0 || code >= TYPES.size()) {
            throw new IllegalArgumentException("a question of unknown type " + code);
        }
        return TYPES.get(code).question().reader().apply(in);
    }

    /** An answer, as it travels. */
    public static Payload answer(Question<?> question, Object value) {
        var out = new FieldWriter();
        TYPES.get(CODES.get(question.getClass())).writeAnswer(value, out);
        return new Payload.Inline(Data.Kind.BYTES, Arrays.copyOf(out.bytes(), out.length()));
    }

    /** What {@link #answer} has made. */
    @SuppressWarnings("unchecked") // see Type
    public static <R> R answerTo(Question<R> question, Payload answer) {
        var type = TYPES.get(CODES.get(question.getClass()));
        var bytes = ByteBuffer.wrap(((Payload.Inline) answer).bytes());
        return (R) type.answer().reader().apply(bytes);
    }
}
