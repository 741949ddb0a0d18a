package dev.shunt.engine.child;

import dev.shunt.ipc.BlockingLink;
import dev.shunt.ipc.Frame;

/** The way to the manager, for those who say something to it from any thread. */
interface ManagerLink {

    /** It is on its way soon, even if the calling slot goes on for long. */
    void tell(Frame.FromChild frame);

    /** Before the calling slot waits for an answer: it may be the one that reads. */
    void recall();

    static ManagerLink over(BlockingLink link) {
        return new OverLink(link);
    }

    /** What it is but while a child warms up. */
    record OverLink(BlockingLink link) implements ManagerLink {

        @Override
        public void tell(Frame.FromChild frame) {
            link.send(frame);
            link.flushSoon();
        }

        @Override
        public void recall() {
            link.recall();
        }
    }
}
