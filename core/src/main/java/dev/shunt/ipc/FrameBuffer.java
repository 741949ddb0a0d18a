package dev.shunt.ipc;

/** A growing run of encoded frames, ready to be written in one go. Not safe for use by several threads. */
public final class FrameBuffer {

    private final FieldWriter fields = new FieldWriter();

    /** Of the frame before, which is nearly always that of the next. */
    private FrameType<?> type = FrameTypes.of(new Frame.Ping());

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
            if (body > FrameCodec.MAX_FRAME_BYTES) {
                throw new IllegalArgumentException(
                        body + " bytes do not fit into a frame; " + FrameCodec.MAX_FRAME_BYTES + " do");
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
