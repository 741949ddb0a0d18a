package dev.shunt.engine.child;

import dev.shunt.ipc.BlockingLink;
import dev.shunt.ipc.Frame;

/** The link to the manager, for those who say something to it from any thread. */
record ManagerLink(BlockingLink link) implements SendWindow.Manager {

    /** It is on its way soon, even if the calling slot goes on for long. */
    @Override
    public void tell(Frame.FromChild frame) {
        link.send(frame);
        link.flushSoon();
    }

    /** It goes with what the calling slot says next, or when that has nothing to do. */
    void tellWithNext(Frame.FromChild frame) {
        link.send(frame);
    }

    /** Before the calling slot waits for an answer: it may be the one that reads. */
    @Override
    public void recall() {
        link.recall();
    }
}
