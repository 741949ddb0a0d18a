package dev.shunt.engine.child;

import dev.shunt.ipc.Frame;
import dev.shunt.log.Log;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * How much of what this child has sent to one connection, or one slot, may be on its way to the manager: of a connection as
 * much as may wait there to be sent. The manager is asked after each quarter of that, and answers when it has taken what
 * came before the question. So the child's {@code send} refuses after twice the limit at most. Any thread.
 */
final class SendWindow {

    private static final Logger LOG = Log.of(SendWindow.class);

    /** An answer takes as long as the manager's main loop is busy. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final long to;
    private final long limit;
    private final ManagerLink manager;
    private final Duration patience;
    private final AtomicLong sent = new AtomicLong();
    /** As much had been sent when the manager was last asked. */
    private final AtomicLong asked = new AtomicLong();

    private volatile long taken;
    private volatile boolean congested;
    /** The manager knows that something was refused, and has not answered. */
    private final AtomicBoolean refused = new AtomicBoolean();

    /** Done when the manager has said something that who waits for it has not heard. */
    private volatile CompletableFuture<Void> heard = new CompletableFuture<>();

    /**
     * @param to as in {@link Frame.Sent}
     * @param patience with the manager, {@link #PATIENCE} if nothing is known
     */
    SendWindow(long to, long limit, ManagerLink manager, Duration patience) {
        this.patience = patience;
        this.to = to;
        this.limit = limit;
        this.manager = manager;
    }

    /**
     * Whether something may be sent now; waits for the manager's answer, if that is on its way. If it may not, a
     * connection's handler is told when it may.
     */
    boolean isOpen() {
        if (congested) {
            return false;
        }
        if (hasRoom() || awaitRoom()) {
            return true;
        }
        if (!congested && refused.compareAndSet(false, true)) {
            manager.tell(new Frame.Sent(to, sent.get(), true));
        }
        return false;
    }

    private boolean hasRoom() {
        return sent.get() - taken < limit;
    }

    private boolean awaitRoom() {
        manager.recall();
        try {
            for (var next = heard; !congested && !hasRoom(); next = heard) {
                next.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("no answer of the manager to what was sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !congested && hasRoom();
    }

    private void tellWhoWaits() {
        var waited = heard;
        heard = new CompletableFuture<>();
        waited.complete(null);
    }

    /** After so many bytes were given to the manager. */
    void sent(int bytes) {
        long now = sent.addAndGet(Math.max(1, bytes));
        long before = asked.get();
        if (now - before > limit / 4 && asked.compareAndSet(before, now)) {
            manager.tell(new Frame.Sent(to, now, false));
        }
    }

    /** The manager's answer. */
    void taken(Frame.Taken answer) {
        taken = Math.max(taken, answer.position());
        if (answer.refused()) {
            refused.set(false); // what is refused from now on is another refusal
        }
        tellWhoWaits();
    }

    /** Too much waits in the manager; nothing more is taken until that is gone. */
    void congested(boolean yes) {
        congested = yes;
        tellWhoWaits();
    }

    boolean isCongested() {
        return congested;
    }
}
