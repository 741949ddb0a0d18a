package dev.shunt.engine;

import dev.shunt.netty.Socket;

/**
 * The messages of one connection that wait for their handler on a slot. Its socket is not read while these are too many,
 * or too many bytes of it or of all connections: what waits is bounded but for one message of each connection. Safe for
 * use by any thread.
 */
public final class WaitingInput {

    /** Bytes of one connection that may wait before it is no longer read; one message may overshoot. */
    private static final long MAX_BYTES = 1 << 20;

    private final Socket socket;
    private final int maxMessages;
    private final WaitingMessages all;
    private int messages;
    private long bytes;
    private boolean paused;
    private boolean heldBack;

    /** @param all messages that wait, of all connections */
    public WaitingInput(Socket socket, int maxMessages, WaitingMessages all) {
        this.socket = socket;
        this.maxMessages = maxMessages;
        this.all = all;
    }

    /** Whether there is room for one more message; if not, its socket is read again when there is. */
    public boolean takes() {
        if (!all.isFull()) {
            return true;
        }
        holdBack();
        return false;
    }

    private void holdBack() {
        synchronized (this) {
            if (heldBack) {
                return;
            }
            heldBack = true;
            socket.pauseReading();
        }
        all.whenThereIsRoom(this::goOn);
    }

    private synchronized void goOn() {
        heldBack = false;
        if (!paused) {
            socket.resumeReading();
        }
    }

    public synchronized void add(int size) {
        messages++;
        bytes += size;
        all.add(size);
        if (messages >= maxMessages || bytes >= MAX_BYTES) {
            paused = true;
            socket.pauseReading();
        }
    }

    /** Its handler has ended. */
    public void remove(int size) {
        removed(size);
        all.remove(size);
    }

    private synchronized void removed(int size) {
        messages--;
        bytes -= size;
        boolean roomForMore = messages <= maxMessages / 2 && bytes < MAX_BYTES;
        if (paused && (messages == 0 || roomForMore)) {
            paused = false;
            if (!heldBack) {
                socket.resumeReading();
            }
        }
    }

    public synchronized boolean isEmpty() {
        return messages == 0;
    }
}
