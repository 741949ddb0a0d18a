package dev.shunt.netty;

import dev.shunt.http.Bodies;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request whose handler reads it while it comes: pieces that nobody has asked for yet, and how many bytes are
 * wanted. The loop's thread only.
 *
 * <pre>
 *   channel ──add──► pieces ──(as far as asked)──► sink     end, fail: told once
 * </pre>
 */
final class BodyStream {

    /** That nobody has asked for; with more the client is not read. */
    private static final int MAX_HELD_BYTES = 64 << 10;

    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private Bodies.@Nullable Sink sink;
    private long held;
    private long wanted;
    private boolean whole;
    private @Nullable String failure;
    private boolean told;

    void add(ByteBuf bytes) {
        var piece = new byte[bytes.readableBytes()];
        bytes.readBytes(piece);
        pieces.add(piece);
        held += piece.length;
        give();
    }

    void end() {
        whole = true;
        give();
    }

    /** The rest will not come; nothing is done if it has. */
    void fail(String why) {
        if (!whole && failure == null) {
            failure = why;
            give();
        }
    }

    /** Whoever reads it wants so many bytes more. */
    void ask(int bytes, Bodies.Sink by) {
        sink = by;
        wanted += bytes;
        give();
    }

    private void give() {
        if (sink == null || told) {
            return;
        }
        while (wanted > 0 && !pieces.isEmpty()) {
            byte[] piece = pieces.remove();
            held -= piece.length;
            wanted -= piece.length;
            sink.arrived(piece);
        }
        if (failure != null) {
            told = true;
            sink.failed(failure);
        } else if (whole && pieces.isEmpty()) {
            told = true;
            sink.ended();
        }
    }

    long held() {
        return held;
    }

    /** All of it has come. */
    boolean isWhole() {
        return whole;
    }

    /** Its reader waits for more of it: the client is to be read, whatever else waits. */
    boolean isWaitedFor() {
        return wanted > 0 && pieces.isEmpty() && !whole && failure == null;
    }

    boolean wantsMore() {
        return held < MAX_HELD_BYTES;
    }
}
