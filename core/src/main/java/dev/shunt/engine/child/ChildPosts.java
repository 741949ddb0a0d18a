package dev.shunt.engine.child;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.MessageRoom;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.log.Log;
import dev.shunt.plan.Plan;
import org.slf4j.Logger;

/** What slots say to each other: by way of the manager, wherever they are. Any thread. */
record ChildPosts(Plan plan, ManagerLink manager, PayloadFiles files, MessageRoom room) {

    private static final Logger LOG = Log.of(ChildPosts.class);

    /** @param source id of the slot that says it, or -1 */
    void post(int slotId, int source, Data message) {
        manager.tell(new Frame.Post(slotId, source, files.pack(message)));
    }

    /** Whether there is room for it, until the slot has come to it; else it is dropped. */
    boolean came(Frame.Posted frame) {
        boolean hasRoom = room.take(frame.slot(), bytes(frame));
        if (!hasRoom) {
            LOG.warn("a message from worker {} is dropped: {}", frame.source(), MessageRoom.FULL);
            files.discard(frame.payload());
        }
        return hasRoom;
    }

    private static int bytes(Frame.Posted frame) {
        return frame.payload() instanceof Payload.Inline inline ? inline.bytes().length : 0;
    }

    /** On the slot that it was sent to. */
    void posted(Frame.Posted frame) {
        room.free(frame.slot(), bytes(frame));
        Data message = files.unpack(frame.payload(), Codec.json());
        try {
            plan.hooks().message(frame.source(), message);
        } catch (Throwable e) { // the program's own code; the slot goes on with the next thing
            LOG.error("the callback for a message from worker {} threw", frame.source(), e);
        }
    }
}
