package dev.shunt.engine.child;

import dev.shunt.ipc.Frame;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Ids of connections that this child accepts, unique in the program: the manager gives them in blocks. One loop takes them. */
final class ConnectionNumbers implements LongSupplier {

    private static final int PATIENCE_SECONDS = 5;

    private final ManagerLink manager;
    private final BlockingQueue<Frame.ConnectionIds> blocks = new LinkedBlockingQueue<>();
    private long next;
    private long end;
    private boolean asked;

    ConnectionNumbers(ManagerLink manager) {
        this.manager = manager;
    }

    void given(Frame.ConnectionIds block) {
        blocks.add(block);
    }

    /** The next block is asked for when half of one is used, so this waits for a manager only that is very busy. */
    @Override
    public long getAsLong() {
        if (next == end) {
            take();
        }
        if (!asked && blocks.isEmpty()) {
            asked = true;
            manager.tell(new Frame.AskConnectionIds());
        }
        return next++;
    }

    private void take() {
        try {
            var block = blocks.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (block == null) {
                throw new IllegalStateException(
                        "the manager has given no ids for connections within " + PATIENCE_SECONDS + " s");
            }
            next = block.first();
            end = next + block.count();
            asked = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for ids of connections", e);
        }
    }
}
