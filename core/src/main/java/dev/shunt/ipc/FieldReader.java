package dev.shunt.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.ipc.Frame.Answered;
import dev.shunt.ipc.Frame.BodyPart;
import dev.shunt.ipc.Frame.Doors;
import dev.shunt.ipc.Frame.LeaseTerms;
import dev.shunt.net.Peer;
import dev.shunt.task.Durability;
import dev.shunt.task.Interest;
import dev.shunt.task.OptionsFormat;
import dev.shunt.task.Outcome;
import dev.shunt.task.Report;
import dev.shunt.task.Retry;
import dev.shunt.task.TaskHeaders;
import dev.shunt.task.TaskOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The fields of frames out of bytes, as {@link FieldWriter} puts them. What cannot be such a field is an {@link
 * IllegalArgumentException}, an {@link IndexOutOfBoundsException} or a {@link java.nio.BufferUnderflowException}.
 */
final class FieldReader {

    private static final WorkKind[] WORK_KINDS = WorkKind.values();
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final Data.Kind[] KINDS = Data.Kind.values();
    private static final Interest[] INTERESTS = Interest.values();
    private static final Report[] REPORTS = Report.values();
    private static final BodyPart.Kind[] BODY_KINDS = BodyPart.Kind.values();
    private static final Answered.How[] HOWS = Answered.How.values();
    private static final Doors.State[] DOORS = Doors.State.values();
    private static final Durability[] DURABILITIES = Durability.values();
    private static final List<LeaseTerms> PLAIN_TERMS =
            Stream.of(INTERESTS).map(LeaseTerms::plain).toList();

    private FieldReader() {}

    static boolean flag(ByteBuffer in) {
        return in.get() != 0;
    }

    static WorkKind workKind(ByteBuffer in) {
        return WORK_KINDS[in.get()];
    }

    static Outcome outcome(ByteBuffer in) {
        return OUTCOMES[in.get()];
    }

    static Interest interest(ByteBuffer in) {
        return INTERESTS[in.get()];
    }

    static Answered.How how(ByteBuffer in) {
        return HOWS[in.get()];
    }

    static BodyPart.Kind bodyKind(ByteBuffer in) {
        return BODY_KINDS[in.get()];
    }

    static Doors.State doors(ByteBuffer in) {
        return DOORS[in.get()];
    }

    static Report report(ByteBuffer in) {
        return REPORTS[in.get()];
    }

    static String text(ByteBuffer in) {
        return new String(bytes(in), UTF_8);
    }

    static List<Long> longs(ByteBuffer in) {
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

    static <T> List<T> list(ByteBuffer in, Function<ByteBuffer, T> reader) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining()) {
            throw new IllegalArgumentException("a frame with a list of " + count);
        }
        var list = new ArrayList<T>(count);
        for (int i = 0; i < count; i++) {
            list.add(reader.apply(in));
        }
        return list;
    }

    static Payload payload(ByteBuffer in) {
        int head = Byte.toUnsignedInt(in.get());
        var kind = KINDS[head & ~(FieldWriter.IN_FILE | FieldWriter.IN_ARENA)];
        if ((head & FieldWriter.IN_ARENA) != 0) {
            return new Payload.InArena(kind, in.getLong(), in.getInt(), in.getInt(), in.getLong());
        }
        return (head & FieldWriter.IN_FILE) == 0
                ? new Payload.Inline(kind, bytes(in))
                : new Payload.InFile(kind, text(in));
    }

    static Retry retry(ByteBuffer in) {
        long nanos = in.getLong();
        if (nanos == FieldWriter.BY_OPTIONS) {
            return Retry.byOptions();
        }
        return nanos == FieldWriter.GIVE_UP ? Retry.giveUp() : Retry.after(Duration.ofNanos(nanos));
    }

    static LeaseTerms terms(ByteBuffer in) {
        byte head = in.get();
        int interest = head & FieldWriter.LATE - 1;
        if (head == interest) {
            return PLAIN_TERMS.get(interest);
        }
        boolean plain = (head & FieldWriter.NOT_PLAIN) == 0;
        int type = plain ? -1 : in.getInt();
        int slot = plain ? -1 : in.getInt();
        long deadlineMillis = plain ? 0 : in.getLong();
        int fence = plain ? 0 : in.getInt();
        return new LeaseTerms(type, slot, deadlineMillis, fence, INTERESTS[interest], headers(in, head));
    }

    private static TaskHeaders headers(ByteBuffer in, byte head) {
        return (head & FieldWriter.WITH_HEADERS) == 0
                ? TaskHeaders.NONE
                : new TaskHeaders(texts(in), (head & FieldWriter.LATE) != 0);
    }

    private static Map<String, String> texts(ByteBuffer in) {
        var texts = new LinkedHashMap<String, String>();
        for (int left = in.get(); left > 0; left--) {
            texts.put(text(in), text(in));
        }
        return Collections.unmodifiableMap(texts);
    }

    static TaskOptions options(ByteBuffer in) {
        int head = Byte.toUnsignedInt(in.get());
        var durability = DURABILITIES[head & ~(FieldWriter.WITH_TEXT | FieldWriter.WITH_CONTEXT)];
        var options = OptionsFormat.read((head & FieldWriter.WITH_TEXT) == 0 ? null : text(in));
        if (durability != options.durability()) {
            options = options.durability(durability);
        }
        return (head & FieldWriter.WITH_CONTEXT) == 0
                ? options
                : options.context(((Payload.Inline) payload(in)).data(Codec.json()));
    }

    static Peer peer(ByteBuffer in) {
        return new Peer(in.getLong(), text(in), in.getInt(), text(in), in.getInt(), text(in));
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
