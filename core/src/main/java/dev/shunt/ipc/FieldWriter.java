package dev.shunt.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame.LeaseTerms;
import dev.shunt.net.Peer;
import dev.shunt.task.OptionsFormat;
import dev.shunt.task.Retry;
import dev.shunt.task.TaskOptions;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** The fields of frames, one after the other, into bytes that grow as needed; {@link FieldReader} is its inverse. */
@SuppressWarnings("EnumOrdinal") // both ends are the same build, so an ordinal is the same number on both
final class FieldWriter {

    /** In place of a delay, what a handler wants done about a failure. */
    static final long BY_OPTIONS = -1;

    static final long GIVE_UP = -2;

    /** Beside the interest of terms: more follows. */
    static final int NOT_PLAIN = 0x40;

    static final int WITH_HEADERS = 0x20;

    /** With headers only. */
    static final int LATE = 0x10;

    /** Beside the kind of a payload: the name of its file follows, not its bytes. */
    static final int IN_FILE = 0x80;

    /** Beside the kind of a payload: its place in shared memory follows. */
    static final int IN_ARENA = 0x40;

    /** Beside the durability of options: which of these follow. */
    static final int WITH_CONTEXT = 0x40;

    static final int WITH_TEXT = 0x80;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** A buffer that once held a large frame is given back to the collector above this size. */
    private static final int KEPT_BYTES = 256 << 10;

    private static final int INITIAL_BYTES = 8 << 10;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
    }

    /** Forgets what was put after the first so many bytes. */
    void truncate(int toLength) {
        length = toLength;
    }

    /** Forgets the first so many bytes. */
    void removeFirst(int count) {
        length -= count;
        System.arraycopy(bytes, count, bytes, 0, length);
    }

    /** Over four bytes that were put before. */
    void setInt(int position, int value) {
        INT.set(bytes, position, value);
    }

    FieldWriter putByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
        return this;
    }

    FieldWriter putInt(int value) {
        ensure(Integer.BYTES);
        INT.set(bytes, length, value);
        length += Integer.BYTES;
        return this;
    }

    FieldWriter putLong(long value) {
        ensure(Long.BYTES);
        LONG.set(bytes, length, value);
        length += Long.BYTES;
        return this;
    }

    FieldWriter putFlag(boolean value) {
        return putByte(value ? 1 : 0);
    }

    FieldWriter putEnum(Enum<?> value) {
        return putByte(value.ordinal());
    }

    FieldWriter putText(String value) {
        return putBytes(value.getBytes(UTF_8));
    }

    FieldWriter putLongs(List<Long> values) {
        putInt(values.size());
        values.forEach(this::putLong);
        return this;
    }

    <T> FieldWriter putList(Collection<T> values, BiConsumer<FieldWriter, T> put) {
        putInt(values.size());
        values.forEach(value -> put.accept(this, value));
        return this;
    }

    FieldWriter putPayload(Payload payload) {
        return switch (payload) {
            case Payload.Inline p -> putByte(p.kind().ordinal()).putBytes(p.bytes());
            case Payload.InFile p -> putByte(p.kind().ordinal() | IN_FILE).putText(p.fileName());
            case Payload.InArena p ->
                putByte(p.kind().ordinal() | IN_ARENA)
                        .putLong(p.child())
                        .putInt(p.block())
                        .putInt(p.length())
                        .putLong(p.ticket());
        };
    }

    FieldWriter putRetry(Retry retry) {
        return putLong(
                switch (retry) {
                    case Retry.ByOptions _ -> BY_OPTIONS;
                    case Retry.GiveUp _ -> GIVE_UP;
                    case Retry.After after -> TimeUnit.NANOSECONDS.convert(after.delay());
                });
    }

    /** One byte for a task without anything special, which most are. */
    FieldWriter putTerms(LeaseTerms terms) {
        boolean plain = terms.isPlain();
        var headers = terms.headers().values();
        int head = terms.interest().ordinal();
        if (!headers.isEmpty()) {
            head |= terms.headers().late() ? WITH_HEADERS | LATE : WITH_HEADERS;
        }
        putByte(plain ? head : head | NOT_PLAIN);
        if (!plain) {
            putInt(terms.type())
                    .putInt(terms.slot())
                    .putLong(terms.deadlineMillis())
                    .putInt(terms.fence());
        }
        return headers.isEmpty() ? this : putTexts(headers);
    }

    private FieldWriter putTexts(Map<String, String> texts) {
        putByte(texts.size());
        texts.forEach((name, value) -> putText(name).putText(value));
        return this;
    }

    /** One byte for a task without any, which most are. */
    FieldWriter putOptions(TaskOptions options) {
        String text = OptionsFormat.write(options);
        Data context = options.context();
        boolean withContext = !context.equals(Data.empty());
        putByte(options.durability().ordinal() | (text == null ? 0 : WITH_TEXT) | (withContext ? WITH_CONTEXT : 0));
        if (text != null) {
            putText(text);
        }
        return withContext ? putPayload(Payload.inline(context)) : this;
    }

    FieldWriter putPeer(Peer peer) {
        return putLong(peer.connectionId())
                .putText(peer.remoteHost())
                .putInt(peer.remotePort())
                .putText(peer.localHost())
                .putInt(peer.localPort())
                .putText(peer.pem());
    }

    private FieldWriter putBytes(byte[] value) {
        putInt(value.length);
        ensure(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    private void ensure(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
        }
    }
}
