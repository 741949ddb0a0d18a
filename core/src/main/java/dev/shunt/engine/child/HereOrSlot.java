package dev.shunt.engine.child;

import dev.shunt.engine.slots.Interruption;
import dev.shunt.engine.slots.SlotPool;
import dev.shunt.engine.slots.Slots;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.util.concurrent.Executor;

/** A slot whose callbacks run on the event loop that brings them, while they are short and the slot is idle. Any thread. */
record HereOrSlot(HandlerPace pace, Clock clock, Loop loop, SlotPool pool, int slot, Executor otherwise)
        implements Executor {

    @Override
    public void execute(Runnable command) {
        var timed = new Callback(pace, clock, command);
        if (!pace.isShort() || !loop.inLoop() || !pool.runHere(slot, timed)) {
            otherwise.execute(timed);
        }
    }

    private record Callback(HandlerPace pace, Clock clock, Runnable command) implements Slots.Leased, Runnable {

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
            long began = clock.nanoTime();
            try {
                command.run();
            } finally {
                pace.ran(clock.nanoTime() - began);
            }
        }
    }
}
