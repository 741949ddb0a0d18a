package dev.shunt.ipc;

/** A growing run of encoded frames, ready to be written in one go. Not safe for use by several threads. */
public final class FrameBuffer {

    private final FieldWriter fields = new FieldWriter();

    /** Of the frame before, which is nearly always that of the next. */
    private FrameType<?> type = FrameTypes.of(new Frame.Ping());

    private int maxBytes = FrameCodec.MAX_FRAME_BYTES;

    /** Who reads takes no longer frames. */
    public void limit(int maxFrameBytes) {
        maxBytes = Math.min(maxFrameBytes, FrameCodec.MAX_FRAME_BYTES);
    }

    public byte[] bytes() {
        return fields.bytes();
    }

    public int length() {
        return fields.length();
    }

    public boolean isEmpty() {
        return fields.length() == 0;
    }

    public void clear() {
        fields.clear();
    }

    /** Forgets the first of the bytes, which have been written. */
    public void removeFirst(int bytes) {
        fields.removeFirst(bytes);
    }

    /** Appends the whole frame, or throws and appends nothing. */
    public void append(Frame frame) {
        int start = fields.length();
        boolean whole = false;
        try {
            fields.putInt(0);
            if (frame.getClass() != type.type()) {
                type = FrameTypes.of(frame);
            }
            type.write(frame, fields);
            int body = fields.length() - start - Integer.BYTES;
            if (body > maxBytes) {
                throw new IllegalArgumentException(body + " bytes are more than the other process takes at once: "
                        + maxBytes + ", half of the smaller heap of both (-Xmx), or 256 MiB");
            }
            fields.setInt(start, body);
            whole = true;
        } finally {
            if (!whole) {
                fields.truncate(start);
            }
        }
    }
}
