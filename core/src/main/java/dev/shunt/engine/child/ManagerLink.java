package dev.shunt.engine.child;

import dev.shunt.ipc.BlockingLink;
import dev.shunt.ipc.Frame;

/** The link to the manager, for those who say something to it from any thread. */
record ManagerLink(BlockingLink link) {

    /** It is on its way soon, even if the calling slot goes on for long. */
    void tell(Frame.FromChild frame) {
        link.send(frame);
        link.flushSoon();
    }

    /** Before the calling slot waits for an answer: it may be the one that reads. */
    void recall() {
        link.recall();
    }
}
