package dev.shunt.netty;

import io.netty.channel.Channel;

/**
 * What comes in on one socket: whether its channel is read now, and whether the peer will send more. The loop's thread
 * only, but for pausing, which any thread may ask for.
 */
final class Input {

    private final Outbox outbox;
    private volatile boolean paused;
    private boolean ended;
    private boolean goodbye;
    private boolean endTold;

    Input(Outbox outbox) {
        this.outbox = outbox;
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
    }

    boolean isPaused() {
        return paused;
    }

    /**
     * Reads from the channel, unless what is read would have to wait: its owner paused it, or so much waits to be sent. What is
     * wanted {@code atOnce} does not wait: somebody does already.
     */
    void regulate(Channel channel, boolean delivers, boolean wanted, boolean atOnce) {
        if (channel.isOpen()) {
            boolean read = !delivers || atOnce || (wanted && !paused && !outbox.isCongested());
            if (channel.config().isAutoRead() != read) {
                channel.config().setAutoRead(read);
            }
        }
    }

    /** The peer will send no more. */
    void end() {
        ended = true;
    }

    /** The peer says that it will send no more, though its end of the channel is open. */
    void goodbye() {
        goodbye = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Once: that the end of the input is to be told now. */
    boolean takeEnd() {
        boolean now = (ended || goodbye) && !endTold;
        endTold |= now;
        return now;
    }
}
