package dev.shunt.engine.child;

import dev.shunt.engine.slots.Interruption;
import dev.shunt.engine.slots.SlotPool;
import dev.shunt.engine.slots.Slots;
import java.util.concurrent.Executor;

/** A slot whose callbacks run on the event loop that brings them, while they are short and the slot is idle. Any thread. */
record HereOrSlot(OwnSockets sockets, SlotPool pool, int slot, Executor otherwise) implements Executor {

    @Override
    public void execute(Runnable command) {
        var timed = new Callback(sockets, command);
        if (!sockets.pace().isShort() || !sockets.loop().inLoop() || !pool.runHere(slot, timed)) {
            otherwise.execute(timed);
        }
    }

    private record Callback(OwnSockets sockets, Runnable command) implements Slots.Leased, Runnable {

        @Override
        public long lease() {
            return Long.MIN_VALUE;
        }

        @Override
        public int slot() {
            return ANY_SLOT;
        }

        @Override
        public boolean isOwn() {
            return true;
        }

        @Override
        public void run(int index, Interruption interruption) {
            run();
        }

        @Override
        public void run() {
            long began = sockets.now();
            try {
                command.run();
            } finally {
                sockets.pace().ran(sockets.now() - began);
            }
        }
    }
}
