package dev.shunt.ipc;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;

/**
 * A payload inside a frame: its bytes, or, from {@link PayloadFiles#SHARED_BYTES} on, where they are in shared memory, or, from
 * {@link PayloadFiles#LARGE_BYTES} on, the name of a file in the run directory that holds them and that the receiver unlinks.
 */
public sealed interface Payload {

    Data.Kind kind();

    /** Whoever takes it waits for no disk, and copies less than {@link PayloadFiles#LARGE_BYTES}. */
    boolean isSmall();

    /** The bytes are in the frame. */
    record Inline(Data.Kind kind, byte[] bytes) implements Payload {
        public Data data(Codec codec) {
            return Data.received(kind, bytes, codec);
        }

        @Override
        public boolean isSmall() {
            return true;
        }
    }

    /** The bytes are in a file of the run directory's payloads. */
    record InFile(Data.Kind kind, String fileName) implements Payload {
        @Override
        public boolean isSmall() {
            return false;
        }
    }

    /**
     * The bytes are in memory that the manager and one child share.
     *
     * @param child its pid
     * @param block where they begin
     * @param ticket what is there while nobody has taken them
     */
    record InArena(Data.Kind kind, long child, int block, int length, long ticket) implements Payload {
        @Override
        public boolean isSmall() {
            return length < PayloadFiles.LARGE_BYTES;
        }
    }

    static Payload inline(Data data) {
        return new Inline(data.kind(), data.bytes());
    }
}
