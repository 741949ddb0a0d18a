package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.engine.manager.EndedTasks.EndedTask;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.log.Log;
import dev.shunt.plan.Group;
import dev.shunt.process.Child;
import dev.shunt.process.ChildPlace;
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
    private final List<ChildPlace> places;
    private final ChildSlots<?> slots;
    private final EndedTasks endedTasks;

    /** By place. */
    private final Map<Integer, Child> serving = new HashMap<>();

    /** What waits for a child that serves a place, by place. */
    private final Map<Integer, Mailbox> mailboxes = new HashMap<>();

    /** Hosts what the group runs. */
    <P extends WorkItem> GroupChildren(GroupRun<P> run, Payloads payloads) {
        this.group = run.group();
        this.payloads = payloads;
        this.endedTasks = new EndedTasks(payloads, serving::get);
        this.places = IntStream.range(0, group.processes())
                .mapToObj(place ->
                        new ChildPlace(group.name(), run.index(), place, group.slotsOf(place), group.jvmOptions()))
                .toList();
        var host = new ChildSlots<>(run, payloads, serving::get);
        run.hostedBy(host);
        this.slots = host;
    }

    Group group() {
        return group;
    }

    List<ChildPlace> places() {
        return places;
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
        var mailbox = mailboxes.remove(place);
        if (mailbox != null) {
            mailbox.empty(message -> tellNow(child, message.line(), message.data(), message.frame()));
        }
        slots.up(child);
    }

    void leaving(Child child) {
        serving.remove(child.place().index(), child);
        slots.leaving(child);
    }

    /** The child that takes the leases of a place. */
    Optional<Child> serving(int place) {
        return Optional.ofNullable(serving.get(place));
    }

    void down(Child child, String how) {
        serving.remove(child.place().index(), child);
        payloads.discardAll(child.pid());
        endedTasks.down(child);
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

    /** @param line in which it is said, as in {@link Payloads} */
    void tellNow(Origin.InChild origin, long line, Data data, Function<Payload, Frame.ToChild> frame) {
        endedTasks.listener(origin).ifPresent(child -> tellNow(child, line, data, frame));
    }

    /** To the child that serves a place; if none does, to the one that will. */
    void post(int place, long line, Data data, Function<Payload, Frame.ToChild> frame) {
        serving(place)
                .ifPresentOrElse(
                        child -> tellNow(child, line, data, frame),
                        () -> mailboxes
                                .computeIfAbsent(
                                        place,
                                        _ -> new Mailbox(places.get(place).toString()))
                                .add(new Mailbox.Message(line, data, frame)));
    }

    private void tellNow(Child child, long line, Data data, Function<Payload, Frame.ToChild> frame) {
        payloads.pack(line, data, child.pid())
                .then(
                        payload -> {
                            if (endedTasks.isListening(child)) {
                                child.send(frame.apply(payload));
                            } else {
                                payloads.discard(payload);
                            }
                        },
                        problem -> LOG.warn("something for {} is not told: {}", child, problem));
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
