package dev.shunt.engine;

import dev.shunt.data.Data;
import dev.shunt.dispatch.ChildLoad;
import dev.shunt.dispatch.Work;
import dev.shunt.engine.Errand.ConnectionErrand;
import dev.shunt.engine.Errand.TaskErrand;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.LeaseTerms;
import dev.shunt.ipc.Parcel;
import dev.shunt.ipc.SlotTable;
import dev.shunt.ipc.SlotTable.SlotState;
import dev.shunt.plan.Group;
import dev.shunt.process.Child;
import dev.shunt.process.ChildPlace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The children of one group, as hosts of its slots. At each place there is one child or, for a while, none: what is meant
 * for that place and cannot wait in the dispatcher is held until a successor is ready. Lives on the main loop.
 */
final class Children implements SlotHost {

    private static final Logger LOG = LoggerFactory.getLogger(Children.class);

    private final GroupRun run;
    private final Parcels parcels;
    private final List<Place> places;
    private Consumer<Child> replace = _ -> {};

    private static final class Place {
        private final ChildPlace where;
        private final Deque<EndedTask> held = new ArrayDeque<>();

        /** Told to the child, which has not said yet that it has passed them on. */
        private final Map<Long, EndedTask> unheard = new LinkedHashMap<>();

        private @Nullable Child child;
        private @Nullable ChildLoad<Errand> load;
        private @Nullable Child successor;
        private boolean leaving;

        Place(ChildPlace where) {
            this.where = where;
        }

        /** A child that leaves may have ended the slot already; a thread of it that waits has not ended. */
        boolean mustHold(EndedTask ended) {
            return leaving && ended.slot() != Frame.NO_SLOT;
        }
    }

    Children(GroupRun run, int groupIndex, Parcels parcels) {
        this.run = run;
        this.parcels = parcels;
        Group group = run.group();
        this.places = IntStream.range(0, group.processes())
                .mapToObj(child -> new Place(
                        new ChildPlace(group.name(), groupIndex, child, group.slotsOf(child), group.jvmOptions())))
                .toList();
    }

    /** @param how replaces a child by a successor, and ends it when what it runs has ended */
    void replacedBy(Consumer<Child> how) {
        replace = how;
    }

    List<ChildPlace> places() {
        return places.stream().map(place -> place.where).toList();
    }

    void ready(Child child) {
        int index = child.place().index();
        Place place = places.get(index);
        if (place.child != null) {
            place.successor = child; // its turn comes when the one that leaves is gone
            return;
        }
        place.child = child;
        place.leaving = false;
        var held = List.copyOf(place.held);
        place.held.clear();
        held.forEach(ended -> tell(index, ended));
        place.load = run.childUp(index);
    }

    void leaving(Child child) {
        int index = child.place().index();
        if (isSame(places.get(index).child, child)) {
            places.get(index).leaving = true;
            run.childLeaving(load(child));
        }
    }

    /** Those that have leases. */
    List<Child> busy() {
        return places.stream()
                .filter(place -> place.load != null && !run.dispatcher().isIdle(place.load))
                .flatMap(place -> Stream.ofNullable(place.child))
                .toList();
    }

    /** The child that takes the leases of a place, which one that leaves does no longer. */
    Optional<Child> serving(int index) {
        Place place = places.get(index);
        return place.leaving ? Optional.empty() : Optional.ofNullable(place.child);
    }

    void down(Child child, String how) {
        int index = child.place().index();
        Place place = places.get(index);
        if (isSame(place.successor, child)) {
            place.successor = null;
        } else if (isSame(place.child, child)) {
            place.child = null;
            place.unheard.values().stream()
                    .filter(ended -> ended.slot() != Frame.NO_SLOT)
                    .toList()
                    .reversed()
                    .forEach(place.held::addFirst);
            place.unheard.clear();
            parcels.discardAll(child.pid());
            run.childDown(load(child), child.slotTable()::started, child + " is gone: " + how);
            place.load = null;
            Child next = place.successor;
            if (next != null) {
                place.successor = null;
                ready(next);
            }
        }
    }

    void settled(Child child, Frame.Settled frame) {
        run.settledInChild(load(child), frame);
    }

    void takenBack(Child child, Frame.TakenBack frame) {
        run.takenBack(load(child), frame.leases());
    }

    void reported(Child child, Frame.Reported frame) {
        if (!run.reportedInChild(load(child), frame)) {
            parcels.discard(frame.parcel());
        }
    }

    /** How a task ended that a slot of a child asked for. */
    record EndedTask(TaskErrand task, int slot, Settlement settlement) {
        long taskId() {
            return task.id();
        }
    }

    /** To the child at a place, if there is one now: what it says of a task that still runs is not said twice. */
    void tellNow(int index, Frame frame) {
        Child child = places.get(index).child;
        if (child != null) {
            child.send(frame);
        }
    }

    /** As {@link #tellNow}, with a payload. */
    void tellNow(int index, Data data, Function<Parcel, Frame> frame) {
        Child child = places.get(index).child;
        if (child != null) {
            parcels.pack(
                    data,
                    child.pid(),
                    parcel -> sendOrDiscard(index, child, frame.apply(parcel), parcel),
                    problem -> LOG.warn("something for {} is not told: {}", child, problem));
        }
    }

    /** To the child at a place, or to its successor; one that leaves still hears of what a thread of it waits for. */
    void tell(int index, EndedTask ended) {
        Place place = places.get(index);
        Child child = place.child;
        if (child == null || place.mustHold(ended)) {
            place.held.add(ended);
            return;
        }
        parcels.pack(
                ended.settlement().data(),
                child.pid(),
                parcel -> {
                    if (isSame(place.child, child) && !place.mustHold(ended)) {
                        place.unheard.put(ended.taskId(), ended);
                        child.send(new Frame.TaskEnded(
                                ended.taskId(),
                                ended.slot(),
                                ended.settlement().outcome(),
                                parcel,
                                Parcel.inline(ended.task().options().context())));
                    } else {
                        parcels.discard(parcel);
                        tell(index, ended);
                    }
                },
                problem -> tell(index, new EndedTask(ended.task(), ended.slot(), Settlement.lost(problem))));
    }

    void heard(Child child, long taskId) {
        Place place = places.get(child.place().index());
        if (isSame(place.child, child)) {
            place.unheard.remove(taskId);
        }
    }

    @Override
    public void lease(ChildLoad<Errand> load, long lease, Work<Errand> work) {
        int index = load.place();
        Child child = places.get(index).child;
        if (child == null) {
            return;
        }
        Errand errand = work.payload();
        if (errand instanceof ConnectionErrand event) {
            Accepted connection = event.connection();
            if (connection.needsAdoption(child.serial())) {
                child.send(new Frame.Adopt(
                        connection.listenerIndex(), connection.connection().peer()));
            }
            child.send(frame(lease, work, 0, LeaseTerms.NONE, Parcel.inline(errand.data())));
        } else if (errand instanceof TaskErrand task) {
            int first = run.group().firstSlotOf(index);
            LeaseTerms terms = task.terms(work.slot() < 0 ? -1 : work.slot() - first);
            parcels.pack(
                    task.data(),
                    child.pid(),
                    parcel -> sendOrDiscard(index, child, frame(lease, work, task.source(), terms, parcel), parcel),
                    problem -> run.settled(load, lease, Settlement.failed(new IOException(problem)), 0));
        }
    }

    @Override
    public void takeBack(ChildLoad<Errand> load, int count) {
        Child child = places.get(load.place()).child;
        if (child != null) {
            child.send(new Frame.TakeBack(count));
        }
    }

    @Override
    public void interrupt(ChildLoad<Errand> load, long lease) {
        Child child = places.get(load.place()).child;
        if (child != null) {
            child.send(new Frame.Interrupt(lease));
        }
    }

    @Override
    public boolean replace(ChildLoad<Errand> load, String why) {
        Child child = places.get(load.place()).child;
        if (child != null) {
            LOG.info("{} is replaced: {}", child, why);
            run.loop().execute(() -> replace.accept(child));
        }
        return true;
    }

    @Override
    public long runningNanos(ChildLoad<Errand> load, long lease) {
        Child child = places.get(load.place()).child;
        if (child == null) {
            return -1;
        }
        SlotTable table = child.slotTable();
        for (int slot = 0; slot < table.slots(); slot++) {
            if (table.read(slot) instanceof SlotState.Running running && running.lease() == lease) {
                return Duration.ofMillis(run.clock().epochMillis() - running.startedAtEpochMillis())
                        .toNanos();
            }
        }
        return -1;
    }

    private ChildLoad<Errand> load(Child child) {
        return Objects.requireNonNull(places.get(child.place().index()).load);
    }

    private void sendOrDiscard(int index, Child child, Frame frame, Parcel parcel) {
        if (isSame(places.get(index).child, child)) {
            child.send(frame);
        } else {
            parcels.discard(parcel);
        }
    }

    private static boolean isSame(@Nullable Child one, Child other) {
        return one != null && one.serial() == other.serial();
    }

    private static Frame frame(long lease, Work<Errand> work, int source, LeaseTerms terms, Parcel parcel) {
        Errand errand = work.payload();
        return new Frame.Lease(lease, errand.job(), errand.subject(), work.attempt(), source, terms, parcel);
    }
}
