package dev.shunt.engine.child;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.plan.Plan;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/** What slots say to each other: by way of the manager, wherever they are. Any thread. */
record ChildPosts(Plan plan, ManagerLink manager, PayloadFiles files) {

    private static final Logger LOG = Log.of(ChildPosts.class);

    /** @param source id of the slot that says it, or -1 */
    void post(int slotId, int source, Data message) {
        manager.tell(new Frame.Post(slotId, source, files.pack(message)));
    }

    /** On the slot that it was sent to. */
    void posted(Frame.Posted frame) {
        Data message = files.unpack(frame.payload(), Codec.json());
        try {
            plan.hooks().message(frame.source(), message);
        } catch (Exception e) { // the program's own code; the slot goes on with the next thing
            LOG.error("the callback for a message from worker {} threw", frame.source(), e);
        }
    }
}
