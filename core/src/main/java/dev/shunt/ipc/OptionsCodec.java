package dev.shunt.ipc;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.task.Durability;
import dev.shunt.task.Priority;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.Unique;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;

/** A task's options inside a frame: two bytes that say which of them are given, then those, in the order of the bits. */
@SuppressWarnings("EnumOrdinal") // both ends are the same build, so an ordinal is the same number on both
final class OptionsCodec {

    private static final int RETRIES = 1;
    private static final int BACKOFF = 1 << 1;
    private static final int PRIORITY = 1 << 2;
    private static final int DELAY = 1 << 3;
    private static final int AT = 1 << 4;
    private static final int DEADLINE = 1 << 5;
    private static final int TIMEOUT = 1 << 6;
    private static final int UNIQUE = 1 << 7;
    private static final int ORDERING_KEY = 1 << 8;
    private static final int SLOT = 1 << 9;
    private static final int DURABILITY = 1 << 10;
    private static final int CONTEXT = 1 << 11;

    private static final Priority[] PRIORITIES = Priority.values();
    private static final Durability[] DURABILITIES = Durability.values();
    private static final Unique.Policy[] POLICIES = Unique.Policy.values();

    private OptionsCodec() {}

    static void put(TaskOptions options, FrameBuffer out) {
        int given = given(options);
        out.putByte(given >> 8);
        out.putByte(given);
        if ((given & RETRIES) != 0) {
            out.putInt(options.retries());
        }
        if ((given & BACKOFF) != 0) {
            put(options.backoff(), out);
        }
        if ((given & PRIORITY) != 0) {
            out.putByte(options.priority().ordinal());
        }
        if ((given & DELAY) != 0) {
            put(options.delay(), out);
        }
        options.at().ifPresent(time -> {
            out.putLong(time.getEpochSecond());
            out.putInt(time.getNano());
        });
        options.deadline().ifPresent(deadline -> put(deadline, out));
        options.timeout().ifPresent(timeout -> put(timeout, out));
        options.unique().ifPresent(unique -> {
            out.putText(unique.key());
            out.putByte(unique.policy().ordinal());
        });
        options.orderingKey().ifPresent(out::putText);
        options.slot().ifPresent(out::putInt);
        if ((given & DURABILITY) != 0) {
            out.putByte(options.durability().ordinal());
        }
        if ((given & CONTEXT) != 0) {
            FrameCodec.put(Payload.inline(options.context()), out);
        }
    }

    static TaskOptions get(ByteBuffer in) {
        int given = Byte.toUnsignedInt(in.get()) << 8 | Byte.toUnsignedInt(in.get());
        TaskOptions options = TaskOptions.DEFAULT;
        if ((given & RETRIES) != 0) {
            options = options.retries(in.getInt());
        }
        if ((given & BACKOFF) != 0) {
            options = options.backoff(duration(in));
        }
        if ((given & PRIORITY) != 0) {
            options = options.priority(PRIORITIES[in.get()]);
        }
        if ((given & DELAY) != 0) {
            options = options.delay(duration(in));
        }
        if ((given & AT) != 0) {
            options = options.at(Instant.ofEpochSecond(in.getLong(), in.getInt()));
        }
        if ((given & DEADLINE) != 0) {
            options = options.deadline(duration(in));
        }
        if ((given & TIMEOUT) != 0) {
            options = options.timeout(duration(in));
        }
        if ((given & UNIQUE) != 0) {
            options = options.uniqueKey(FrameCodec.text(in), POLICIES[in.get()]);
        }
        if ((given & ORDERING_KEY) != 0) {
            options = options.orderingKey(FrameCodec.text(in));
        }
        if ((given & SLOT) != 0) {
            options = options.slot(in.getInt());
        }
        if ((given & DURABILITY) != 0) {
            options = options.durability(DURABILITIES[in.get()]);
        }
        if ((given & CONTEXT) != 0) {
            options = options.context(((Payload.Inline) FrameCodec.payload(in)).data(Codec.json()));
        }
        return options;
    }

    @SuppressWarnings("ReferenceEquality") // a shortcut for nearly all tasks; the rest comes to the same for equal ones
    private static int given(TaskOptions options) {
        if (options == TaskOptions.DEFAULT) {
            return 0;
        }
        Data context = options.context();
        return bit(RETRIES, options.retries() != 0)
                | bit(BACKOFF, !options.backoff().equals(TaskOptions.DEFAULT_BACKOFF))
                | bit(PRIORITY, options.priority() != Priority.NORMAL)
                | bit(DELAY, !options.delay().isZero())
                | bit(AT, options.at().isPresent())
                | bit(DEADLINE, options.deadline().isPresent())
                | bit(TIMEOUT, options.timeout().isPresent())
                | bit(UNIQUE, options.unique().isPresent())
                | bit(ORDERING_KEY, options.orderingKey().isPresent())
                | bit(SLOT, options.slot().isPresent())
                | bit(DURABILITY, options.durability() != Durability.MEMORY)
                | bit(CONTEXT, context.kind() != Data.Kind.BYTES || !context.isEmpty());
    }

    private static int bit(int bit, boolean given) {
        return given ? bit : 0;
    }

    private static void put(Duration duration, FrameBuffer out) {
        out.putLong(duration.getSeconds());
        out.putInt(duration.getNano());
    }

    private static Duration duration(ByteBuffer in) {
        return Duration.ofSeconds(in.getLong(), in.getInt());
    }
}
