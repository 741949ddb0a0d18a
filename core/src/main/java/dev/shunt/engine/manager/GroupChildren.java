package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.manager.EndedTasks.EndedTask;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.log.Log;
import dev.shunt.plan.Group;
import dev.shunt.plan.Slot;
import dev.shunt.process.Child;
import dev.shunt.process.ChildPlace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;

/**
 * The children of one group, by place. At each place one child serves or, for a while, none; beside it there may be others
 * that leave and still end what they run. What is said to a place waits for a child that serves it. Lives on the main loop.
 */
final class GroupChildren {

    private static final Logger LOG = Log.of(GroupChildren.class);

    private final Group group;
    private final Payloads payloads;
    private final GroupRun<?> run;
    private final List<ChildPlace> places = new ArrayList<>();
    private final ChildSlots<?> slots;
    private final EndedTasks endedTasks;

    /** By place. */
    private final Map<Integer, Child> serving = new HashMap<>();

    /** What other slots have said to slots, by slot. */
    private final Map<Integer, Mailbox> mailboxes = new HashMap<>();

    /** Hosts what the group runs. */
    <P extends WorkItem> GroupChildren(GroupRun<P> run, Payloads payloads) {
        this.group = run.group();
        this.payloads = payloads;
        this.run = run;
        this.endedTasks = new EndedTasks(payloads, serving::get, this::standing);
        IntStream.range(0, group.processes()).forEach(place -> places.add(place(place)));
        var host = new ChildSlots<>(run, payloads, serving::get);
        run.hostedBy(host);
        this.slots = host;
    }

    private ChildPlace place(int index) {
        return new ChildPlace(group.name(), run.index(), index, group.slotsOf(index), group.jvmOptions());
    }

    Group group() {
        return group;
    }

    List<ChildPlace> places() {
        return List.copyOf(places);
    }

    /** The place itself, or, if it is no more, one that stands for it. */
    private int standing(int place) {
        return place % places.size();
    }

    /** There are more places from now on; returns those that are new. */
    List<ChildPlace> grow(int count) {
        int before = places.size();
        IntStream.range(before, count).forEach(place -> places.add(place(place)));
        run.resize(count);
        return List.copyOf(places.subList(before, count));
    }

    /** The last ones are no more; children that served there are leaving. */
    void shrink(int count) {
        var gone = List.copyOf(places.subList(count, places.size()));
        places.subList(count, places.size()).clear();
        run.resize(count);
        gone.forEach(place -> endedTasks.isNoMore(place.index()));
        int slots = run.slots();
        mailboxes.forEach((slot, mailbox) -> {
            if (slot >= slots) {
                mailbox.isNoMore();
            }
        });
    }

    /** What they run, and what they say of it. */
    ChildSlots<?> slots() {
        return slots;
    }

    void ready(Child child) {
        int place = child.place().index();
        serving.put(place, child);
        endedTasks.listens(child);
        endedTasks.served(place);
        slotsOf(child).forEach(slot -> empty(child, slot));
        slots.up(child);
    }

    void started(Child child) {
        child.arena().ifPresent(shared -> payloads.share(child.pid(), shared));
    }

    void leaving(Child child) {
        serving.remove(child.place().index(), child);
        slots.leaving(child);
    }

    Collection<Child> serving() {
        return List.copyOf(serving.values());
    }

    /** How many serve. */
    int count() {
        return serving.size();
    }

    /** The child that takes the leases of a place. */
    Optional<Child> serving(int place) {
        return Optional.ofNullable(serving.get(place));
    }

    void down(Child child, String how) {
        serving.remove(child.place().index(), child);
        payloads.discardAll(child.pid());
        endedTasks.down(child);
        mailboxes.values().forEach(mailbox -> mailbox.down(child.serial()));
        slots.down(child, how);
    }

    /** A slot of the child, which may not have started yet, asks for a task. */
    void asks(Child child) {
        endedTasks.listens(child);
    }

    void tell(EndedTask ended) {
        endedTasks.tell(ended);
    }

    /** What is said of a task that still runs is said once, to whoever is there now. */
    void tellNow(Origin.InChild origin, Frame.ToChild frame) {
        endedTasks.listener(origin).ifPresent(child -> child.send(frame));
    }

    /** Whoever is to be told reads more slowly than it is sent to. */
    boolean isBehind(Origin.InChild origin) {
        return endedTasks.listener(origin).map(Child::isBehind).orElse(false);
    }

    /**
     * @param line in which it is said, as in {@link Payloads}
     * @param told when it is, or will never be
     */
    void tellNow(Origin.InChild origin, long line, Data data, Function<Payload, Frame.ToChild> frame, Runnable told) {
        endedTasks.listener(origin).ifPresentOrElse(child -> tellNow(child, line, data, frame, told, told), told);
    }

    /** To the child that serves a slot; if none does, to the one that will. */
    void post(Slot slot, Mailbox.Message message) {
        mailboxes.computeIfAbsent(slot.index(), _ -> new Mailbox(slot)).add(message);
        serving(group.childOf(slot.index())).ifPresent(child -> empty(child, slot.index()));
    }

    /** A slot of the child, counted there, has come to the next message. */
    void postRead(Child child, int localSlot) {
        int slot = group.firstSlotOf(child.place().index()) + localSlot;
        var mailbox = mailboxes.get(slot);
        if (mailbox != null) {
            mailbox.read(child.serial());
            serving(child.place().index()).ifPresent(now -> empty(now, slot));
        }
    }

    private IntStream slotsOf(Child child) {
        int place = child.place().index();
        return IntStream.range(0, group.slotsOf(place)).map(slot -> group.firstSlotOf(place) + slot);
    }

    private void empty(Child child, int slot) {
        var mailbox = mailboxes.get(slot);
        if (mailbox != null) {
            int localSlot = slot - group.firstSlotOf(child.place().index());
            mailbox.empty(child.serial(), message -> give(child, localSlot, mailbox, message));
        }
    }

    private void give(Child child, int localSlot, Mailbox mailbox, Mailbox.Message message) {
        tellNow(
                child,
                mailbox.line(),
                message.data(),
                payload -> new Frame.Posted(localSlot, message.source(), payload),
                () -> {},
                () -> mailbox.lost(child.serial(), message));
    }

    private void tellNow(
            Child child,
            long line,
            Data data,
            Function<Payload, Frame.ToChild> frame,
            Runnable told,
            Runnable otherwise) {
        payloads.pack(line, data, child.pid())
                .then(
                        payload -> {
                            if (endedTasks.isListening(child)) {
                                child.send(frame.apply(payload));
                            } else {
                                payloads.discard(payload);
                            }
                            told.run();
                        },
                        problem -> {
                            LOG.warn("something for {} is not told: {}", child, problem);
                            otherwise.run();
                        });
    }

    /** Of what was to be said there, how much waits for a child that serves its place. */
    int untold() {
        return endedTasks.waiting()
                + mailboxes.values().stream().mapToInt(Mailbox::size).sum();
    }

    /** Everything that slots of children were told of has been passed on to the program there. */
    boolean haveAcknowledgedAll() {
        return endedTasks.areAcknowledged();
    }

    void acknowledged(Child child, long taskId) {
        endedTasks.acknowledged(child, taskId);
    }
}
