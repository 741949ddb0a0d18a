package dev.shunt.engine.child;

import dev.shunt.engine.slots.SlotContact;
import dev.shunt.ipc.BlockingLink;
import java.util.function.BooleanSupplier;

/** The slots of a child talk to the manager. */
record LinkContact(BlockingLink link) implements SlotContact {

    @Override
    public void flush() {
        link.flush();
    }

    @Override
    public void flushSoon() {
        link.flushSoon();
    }

    @Override
    public void recall() {
        link.recall();
    }

    @Override
    public boolean read(BooleanSupplier nothingElse) {
        return link.readIfLent(nothingElse);
    }

    @Override
    public void wakeUp() {
        link.wakeUp();
    }
}
