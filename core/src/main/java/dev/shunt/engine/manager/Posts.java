package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.MessageRoom;
import dev.shunt.engine.NamedCallback;
import dev.shunt.ipc.Frame;
import dev.shunt.log.Log;
import dev.shunt.plan.Group;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.process.Child;
import dev.shunt.timer.Loop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/**
 * Brings what slots say to each other to where they are. Of what waits for a slot there is a bound: then senders of this
 * process are refused, and those of children are told to refuse until half of it is gone.
 */
final class Posts {

    private static final Logger LOG = Log.of(Posts.class);

    private final Plan plan;
    private final Groups groups;
    private final ChildMail mail;
    private final Loop main;
    private final MessageRoom room = new MessageRoom();

    /** The children, by serial, that have been told to send no more to a slot. Changed on the main loop. */
    private final Map<Integer, Map<Long, Child>> congested = new ConcurrentHashMap<>();

    Posts(Plan plan, Groups groups, ChildMail mail, Loop main) {
        this.plan = plan;
        this.groups = groups;
        this.mail = mail;
        this.main = main;
    }

    /**
     * From any thread of this process.
     *
     * @param source id of the slot that says it, or -1
     * @return false if as much waits for the slot as may
     */
    boolean post(Slot slot, int source, Data message) {
        boolean hasRoom = room.take(slot.id(), message.size());
        if (hasRoom) {
            deliver(slot, source, message);
        }
        return hasRoom;
    }

    /** On the main loop: from a slot of a child, whose program believes that it is sent. */
    void post(Child sender, int slotId, int source, Data message) {
        Slot slot;
        try {
            slot = plan.slot(slotId, groups::slotsNow);
        } catch (IllegalArgumentException e) { // it was there when the sender asked
            LOG.warn("a message of {} for worker {} is lost: {}", sender, slotId, e.getMessage());
            return;
        }
        if (!room.add(slot.id(), message.size())
                && congested
                                .computeIfAbsent(slot.id(), _ -> new ConcurrentHashMap<>())
                                .put(sender.serial(), sender)
                        == null) {
            sender.send(new Frame.Congested(Frame.toSlot(slot.id())));
        }
        deliver(slot, source, message);
        if (room.isHalfEmpty(slot.id())) {
            uncongested(slot.id()); // it may have been emptied just before this sender was told
        }
    }

    private void deliver(Slot slot, int source, Data message) {
        Group group = plan.group(slot.group());
        Runnable over = () -> over(slot.id(), message.size());
        if (group.placement() == Placement.CHILDREN) {
            int index = plan.indexOf(group);
            var packed = new Mailbox.Message(source, message, over);
            if (main.inLoop()) {
                mail(index, slot, packed);
            } else {
                main.execute(() -> mail(index, slot, packed));
            }
        } else if (isGone(slot)) {
            lost(slot, source, over);
        } else {
            groups.slot(group, slot.index())
                    .execute(new NamedCallback("the callback for messages from other workers", () -> {
                        over.run();
                        tell(source, message);
                    }));
        }
    }

    private void mail(int group, Slot slot, Mailbox.Message message) {
        if (isGone(slot)) {
            lost(slot, message.source(), message.over());
        } else {
            mail.post(group, slot, message);
        }
    }

    /** Its group has fewer slots since the sender looked. */
    private boolean isGone(Slot slot) {
        return slot.index() >= groups.slotsNow(plan.group(slot.group()));
    }

    private static void lost(Slot slot, int source, Runnable over) {
        over.run();
        LOG.warn("a message of worker {} for worker {} is lost: its group has fewer slots now", source, slot.id());
    }

    /** The slot has come to one, or never will. */
    private void over(int slotId, int bytes) {
        room.free(slotId, bytes);
        if (congested.containsKey(slotId) && room.isHalfEmpty(slotId)) {
            main.execute(() -> uncongested(slotId));
        }
    }

    private void uncongested(int slotId) {
        var told = congested.remove(slotId);
        if (told != null) {
            told.values().forEach(child -> child.send(new Frame.Uncongested(Frame.toSlot(slotId))));
        }
    }

    private void tell(int source, Data message) {
        try {
            plan.hooks().message(source, message);
        } catch (Throwable e) { // the program's own code; the slot goes on with the next thing
            LOG.error("the callback for a message from worker {} threw", source, e);
        }
    }
}
