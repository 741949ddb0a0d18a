package dev.shunt.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What travels: the payload of a message, a task or a result. Immutable; bytes, text or an object. Concatenated it is its
 * text, so that {@code data + " -> OK"} reads as in the PHP programs. Bytes and text travel raw (text as UTF-8); an object
 * is encoded by its {@link Codec} when it leaves the process or becomes a task's payload or result, and {@link #as} decodes
 * it into the type the receiver names. Arrays are not copied: do not change one after handing it over.
 */
public final class Data {

    /** How the bytes are to be read; the ordinal is the kind's number in a frame. */
    public enum Kind {
        BYTES,
        TEXT,
        OBJECT
    }

    private static final Data EMPTY = new Data(Kind.BYTES, new byte[0], null, Codec.json());

    private final Kind kind;
    private final byte @Nullable [] bytes;
    private final @Nullable Object value;
    private final Codec codec;

    private Data(Kind kind, byte @Nullable [] bytes, @Nullable Object value, Codec codec) {
        this.kind = kind;
        this.bytes = bytes;
        this.value = value;
        this.codec = codec;
    }

    public static Data empty() {
        return EMPTY;
    }

    /**
     * {@code null}, {@code Data}, {@code byte[]} and {@code CharSequence} as they are, anything else as an object for
     * JSON.
     *
     * @throws IllegalArgumentException for a {@link CompletionStage} or {@link Future}, which is no value yet
     */
    public static Data of(@Nullable Object value) {
        return of(value, Codec.json());
    }

    public static Data of(@Nullable Object value, Codec codec) {
        return switch (value) {
            case null -> EMPTY;
            case Data data -> data;
            case byte[] raw -> new Data(Kind.BYTES, raw, null, codec);
            case CharSequence text -> new Data(Kind.TEXT, null, text.toString(), codec);
            case CompletionStage<?> later -> throw noValueYet(later);
            case Future<?> later -> throw noValueYet(later);
            default -> new Data(Kind.OBJECT, null, value, codec);
        };
    }

    private static IllegalArgumentException noValueYet(Object later) {
        return new IllegalArgumentException("a " + later.getClass().getName()
                + " is a value that is still to come, and cannot be sent; send its value when that is there, or return it"
                + " from a task handler, which waits for it");
    }

    /** What arrived from elsewhere: bytes of the given kind. */
    public static Data received(Kind kind, byte[] bytes, Codec codec) {
        return new Data(kind, bytes, null, codec);
    }

    public Kind kind() {
        return kind;
    }

    public Codec codec() {
        return codec;
    }

    /** The same payload for another codec: it encodes an object that is at hand, and decodes bytes. */
    public Data with(Codec other) {
        return other.equals(codec) ? this : new Data(kind, bytes, value, other);
    }

    /** The bytes as they travel. Throws {@link IllegalArgumentException} for an object that its codec cannot encode. */
    public byte[] bytes() {
        if (bytes != null) {
            return bytes;
        }
        var present = Objects.requireNonNull(value);
        return kind == Kind.TEXT ? ((String) present).getBytes(UTF_8) : codec.encode(present);
    }

    /** What it takes in memory, in bytes: exactly for bytes, roughly for text, nothing for an object at hand. */
    public int size() {
        return bytes != null ? bytes.length : value instanceof String text ? text.length() : 0;
    }

    /** The same payload with its bytes at hand; throws as {@link #bytes} does. */
    public Data encoded() {
        return bytes != null ? this : new Data(kind, bytes(), null, codec);
    }

    /** An object with its bytes at hand, anything else as it is: what becomes of the object later changes nothing. */
    public Data portable() {
        return kind == Kind.OBJECT ? encoded() : this;
    }

    /** The text; bytes are read as UTF-8, an object gives what its codec writes (JSON by default). */
    public String text() {
        return value instanceof String text ? text : new String(bytes(), UTF_8);
    }

    /**
     * This payload as the given type: {@code byte[]}, {@code String}, {@code Data}, or what the codec decodes.
     *
     * @throws IllegalArgumentException if the bytes are not such a value; names the type
     */
    public <T> T as(Class<T> type) {
        if (type == Data.class) {
            return type.cast(this);
        }
        if (type == String.class) {
            return type.cast(text());
        }
        if (type == byte[].class) {
            return type.cast(bytes());
        }
        return type.isInstance(value) ? type.cast(value) : codec.decode(bytes(), type);
    }

    /**
     * As {@link #as(Class)}, for a type with arguments: {@code data.as(new TypeRef<List<User>>() {})}. Always decoded:
     * nothing tells of an object that is at hand what its list is of.
     */
    public <T> T as(TypeRef<T> type) {
        return codec.decode(bytes(), type);
    }

    public boolean isEmpty() {
        return bytes != null ? bytes.length == 0 : "".equals(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Data that && kind == that.kind && Arrays.equals(bytes(), that.bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes());
    }

    @Override
    public String toString() {
        return text();
    }
}
