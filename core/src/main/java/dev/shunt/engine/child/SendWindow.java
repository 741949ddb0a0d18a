package dev.shunt.engine.child;

import dev.shunt.ipc.Frame;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * How much of what this child has sent to one connection may be on its way to the manager: as much as may wait to be sent
 * there. The manager is asked after each quarter of that, and answers when it has taken what came before the question. So
 * the child's {@code send} refuses after twice the limit at most. Any thread.
 */
final class SendWindow {

    private final long connectionId;
    private final long limit;
    private final Consumer<Frame.FromChild> manager;
    private final AtomicLong sent = new AtomicLong();
    /** As much had been sent when the manager was last asked. */
    private final AtomicLong asked = new AtomicLong();

    private volatile long taken;
    private volatile boolean congested;
    /** The manager knows that something was refused, and has not answered. */
    private final AtomicBoolean refused = new AtomicBoolean();

    SendWindow(long connectionId, long limit, Consumer<Frame.FromChild> manager) {
        this.connectionId = connectionId;
        this.limit = limit;
        this.manager = manager;
    }

    /** Whether something may be sent now. If not, the connection's handler is told when it may. */
    boolean isOpen() {
        if (congested) {
            return false;
        }
        if (sent.get() - taken < limit) {
            return true;
        }
        if (refused.compareAndSet(false, true)) {
            manager.accept(new Frame.Sent(connectionId, sent.get(), true));
        }
        return false;
    }

    /** After so many bytes were given to the manager. */
    void sent(int bytes) {
        long now = sent.addAndGet(Math.max(1, bytes));
        long before = asked.get();
        if (now - before > limit / 4 && asked.compareAndSet(before, now)) {
            manager.accept(new Frame.Sent(connectionId, now, false));
        }
    }

    /** The manager's answer. */
    void taken(Frame.Taken answer) {
        taken = Math.max(taken, answer.position());
        if (answer.refused()) {
            refused.set(false); // what is refused from now on is another refusal
        }
    }

    /** The manager keeps what was sent; nothing more is taken until that is gone. */
    void congested(boolean yes) {
        congested = yes;
    }

    boolean isCongested() {
        return congested;
    }
}
