package dev.shunt.engine.child;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.log.Log;
import dev.shunt.plan.Plan;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/**
 * What slots say to each other: by way of the manager, wherever they are. The manager knows how many wait for each slot, and
 * says when there are too many. Any thread.
 */
final class ChildPosts {

    private static final Logger LOG = Log.of(ChildPosts.class);

    /** As much may be on its way to the manager for each slot, and each message counts as so much more. */
    private static final long MAX_ON_THE_WAY = 1 << 20;

    private static final int MESSAGE_BYTES = 256;

    private final Plan plan;
    private final ManagerLink manager;
    private final PayloadFiles files;
    private final Map<Integer, SendWindow> windows = new ConcurrentHashMap<>();

    ChildPosts(Plan plan, ManagerLink manager, PayloadFiles files) {
        this.plan = plan;
        this.manager = manager;
        this.files = files;
    }

    /**
     * @param source id of the slot that says it, or -1
     * @return false if as much waits for the slot as may
     */
    boolean post(int slotId, int source, Data message) {
        SendWindow window = windows.computeIfAbsent(
                slotId, id -> new SendWindow(Frame.toSlot(id), MAX_ON_THE_WAY, manager, SendWindow.PATIENCE));
        if (!window.isOpen()) {
            return false;
        }
        Payload payload = files.pack(message);
        manager.tell(new Frame.Post(slotId, source, payload));
        window.sent(
                MESSAGE_BYTES + (payload instanceof Payload.Inline inline ? inline.bytes().length : message.size()));
        return true;
    }

    void congested(int slotId, boolean yes) {
        SendWindow window = windows.get(slotId);
        if (window != null) {
            window.congested(yes);
        }
    }

    void taken(int slotId, Frame.Taken answer) {
        SendWindow window = windows.get(slotId);
        if (window != null) {
            window.taken(answer);
        }
    }

    /** On the slot that it was sent to. */
    void posted(Frame.Posted frame) {
        manager.tellWithNext(new Frame.PostRead(frame.slot()));
        Data message = files.unpack(frame.payload(), plan.codec());
        try {
            plan.hooks().message(frame.source(), message);
        } catch (Throwable e) { // the program's own code; the slot goes on with the next thing
            LOG.error("the callback for a message from worker {} threw", frame.source(), e);
        }
    }
}
