package dev.shunt.engine;

import dev.shunt.ipc.BlockingLink;

/** What the slots of a child say goes to the manager. */
record LinkOutput(BlockingLink link) implements SlotPool.Output {

    @Override
    public void flush() {
        link.flush();
    }

    @Override
    public void flushSoon() {
        link.flushSoon();
    }
}
