package dev.shunt.data;

import java.util.Collection;

/**
 * Turns objects into bytes and back, for whatever crosses a process or a socket and is neither bytes nor text.
 * Decodes only into the type the caller names: never a type named by the bytes. Safe for use by many threads.
 */
public interface Codec {

    /**
     * Encodes one object.
     *
     * @throws IllegalArgumentException if the object cannot be encoded; names its type
     */
    byte[] encode(Object value);

    /**
     * Decodes into the declared type.
     *
     * @throws IllegalArgumentException if the bytes are not a {@code type}; names the type and the cause
     */
    <T> T decode(byte[] bytes, Class<T> type);

    /**
     * As {@link #decode(byte[], Class)}, into a type with its arguments.
     *
     * @throws UnsupportedOperationException if this codec has no such thing, as unless it is overridden
     */
    default <T> T decode(byte[] bytes, TypeRef<T> type) {
        throw new UnsupportedOperationException(getClass().getName() + " decodes into classes only, not into " + type);
    }

    /**
     * Loads and makes what the first objects need, so that they take no longer than later ones. Called before a process
     * takes work. Does nothing unless it is overridden; what is wrong with a type is said when one is encoded.
     *
     * @param types those that are known to come
     */
    default void warmUp(Collection<Class<?>> types) {}

    /**
     * JSON for whoever reads documents, browsers among them: names in {@code snake_case}, what is null left out, times as
     * ISO 8601, and whole numbers beyond 2^53 as text, which decodes into a number again.
     */
    static Codec readableJson() {
        return JsonCodec.FOR_READERS;
    }

    /** JSON through Jackson, the default. */
    static Codec json() {
        return JsonCodec.INSTANCE;
    }
}
