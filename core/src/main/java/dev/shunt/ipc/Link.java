package dev.shunt.ipc;

/**
 * One end of the socket between a manager and a child. Frames are batched: {@link #send} may keep a frame until
 * {@link #flush}. After the link is closed both do nothing.
 */
public interface Link {

    void send(Frame frame);

    void flush();

    /** The other end takes no longer frames than this; until it has said so, than this end takes. */
    void limit(int maxFrameBytes);

    /** How many bytes wait because the other end does not read; on the link's own thread. */
    default int waiting() {
        return 0;
    }

    void close();
}
