package dev.shunt.ipc;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;

/**
 * A payload inside a frame: its bytes, or, from {@link Spool#LARGE_BYTES} on, the name of a file in the run directory that
 * holds them and that the receiver unlinks.
 */
public sealed interface Parcel {

    Data.Kind kind();

    /** The bytes are in the frame. */
    record Inline(Data.Kind kind, byte[] bytes) implements Parcel {
        public Data data(Codec codec) {
            return Data.received(kind, bytes, codec);
        }
    }

    /** The bytes are in a file of the run directory's spool. */
    record Spooled(Data.Kind kind, String fileName) implements Parcel {}

    static Parcel inline(Data data) {
        return new Inline(data.kind(), data.bytes());
    }
}
