package dev.shunt.engine.child;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Datagram;
import dev.shunt.engine.Engine;
import dev.shunt.engine.TaskIds;
import dev.shunt.engine.slots.FinishGate;
import dev.shunt.engine.slots.HandlerRun;
import dev.shunt.engine.slots.Interruption;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.engine.slots.SlotPool;
import dev.shunt.engine.slots.Slots;
import dev.shunt.ipc.BlockingLink;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.Lease;
import dev.shunt.ipc.Frame.TaskEnded;
import dev.shunt.ipc.Frame.ToChild;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.PayloadArena;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.ipc.SlotTable;
import dev.shunt.ipc.WorkKind;
import dev.shunt.log.Log;
import dev.shunt.net.CloseStatus;
import dev.shunt.netty.Spool;
import dev.shunt.plan.Group;
import dev.shunt.plan.Plan;
import dev.shunt.plan.Slot;
import dev.shunt.process.ChildIdentity;
import dev.shunt.question.OfSlots;
import dev.shunt.task.Interest;
import dev.shunt.task.Outcome;
import dev.shunt.task.Report;
import dev.shunt.task.Retry;
import dev.shunt.task.Task;
import dev.shunt.time.Clock;
import dev.shunt.timer.Timers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.slf4j.Logger;

/**
 * What a welcome child does: gives leases to its slots and their settlements to the manager. Frames come on the thread that
 * reads the link, leases run on the slots' threads. While runs are short, slots that are out of work read the link
 * themselves, which saves them a wake-up for each lease.
 */
final class ChildWork {

    private static final Logger LOG = Log.of(ChildWork.class);
    private static final int START_FAILED = 1;
    private static final Duration LAST_FLUSH = Duration.ofSeconds(2);

    /** About the cost of two wake-ups: what runs as long as this is worth another thread. */
    private static final long LONG_RUN_NANOS = 20_000;

    private final Clock clock = Clock.system();
    private final AboutChild about = new AboutChild();
    private final Plan plan;
    private final Group group;
    private final BlockingLink link;
    private final PayloadFiles files;
    private final SlotTable table;
    private final ManagerLink manager;
    private final Questions questions;
    private final AskedTasks tasks;
    private final ChildConnections connections;
    private final ChildAnswers answers;
    private final ChildPosts posts;
    private final Timers timers = new Timers();
    private final ChildEngine engine;
    private final SlotPool pool;
    private final SharedLeases shared;
    private final Retirement retirement;
    private final OwnSockets sockets;
    private final ChildIdentity identity;
    private final List<Slots.Leased> arrived = new ArrayList<>();
    private volatile boolean stopping;

    /** Of leases whose handlers have given a result and go on. */
    private final Map<Long, FinishGate> finishing = new ConcurrentHashMap<>();

    /** A moving average. Slots write it without regard for each other: it need not be exact. */
    private long usualRunNanos = LONG_RUN_NANOS;

    ChildWork(Plan plan, ChildIdentity identity, BlockingLink link) {
        this.plan = plan;
        this.identity = identity;
        this.link = link;
        this.group = plan.groups().get(identity.groupIndex());
        this.files = files(identity);
        this.table = SlotTable.open(identity.slotTable());
        int first = group.firstSlotOf(identity.index());
        List<Slot> slots = IntStream.range(first, first + group.slotsOf(identity.index()))
                .mapToObj(index -> plan.slot(group, index))
                .toList();
        this.pool = new SlotPool(group, slots, new LinkContact(link));
        this.shared = new SharedLeases(table, clock, pool::interrupt);
        this.manager = ManagerLink.over(link);
        this.questions = new Questions(manager, files);
        var ids = new TaskIds(identity.serial(), questions, questions::askForNumber);
        this.tasks = new AskedTasks(
                plan, !group.runsTasks(), manager, files, ids, name -> questions.ask(new OfSlots.Count(name)));
        this.connections = new ChildConnections(plan, manager);
        var spool = new Spool(identity.spool());
        var network = new ChildNetwork(plan.settings().maxConnectionMemory(), spool);
        this.retirement = new Retirement(group, slots.size(), manager);
        this.sockets = new OwnSockets(plan, group, manager, pool, table, network, retirement);
        this.answers = new ChildAnswers(manager, questions, connections, spool);
        this.posts = new ChildPosts(plan, manager, files);
        this.engine = new ChildEngine(
                plan,
                first,
                pool.slot(0),
                manager,
                tasks,
                connections,
                answers,
                posts,
                questions,
                timers,
                sockets,
                network);
    }

    private static PayloadFiles files(ChildIdentity identity) {
        var files = new PayloadFiles(identity.payloads());
        var arena = identity.arena();
        if (arena.isPresent()) {
            try {
                files.share(PayloadArena.open(arena.get()));
            } catch (IOException e) {
                LOG.warn("large payloads travel as files: {}", e.toString());
            }
        }
        return files;
    }

    Engine engine() {
        return engine;
    }

    /** Ready when callbacks have returned and the first task need not wait for classes to load. */
    void start() {
        ChildWarmUp.run(plan, group, files);
        if (group.runsTasks() && plan.settings().taskQueue().isPresent()) {
            shared.watch(timers);
        }
        retirement.watchMemory(timers);
        sockets.open(identity);
        var _ = processStart().thenCompose(_ -> pool.start(engine)).whenComplete((_, failure) -> {
            if (failure == null) {
                link.send(new Frame.Ready());
                link.send(about.now());
                sockets.ready();
                link.flush();
            } else {
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                cannotStart(link, "the start callback threw " + cause);
            }
        });
    }

    /** The program's own code, on a thread that may wait: this one answers the manager meanwhile. */
    private CompletableFuture<Void> processStart() {
        var started = new CompletableFuture<Void>();
        plan.hooks()
                .processStart(List.of(group.name()))
                .ifPresentOrElse(
                        callback -> Thread.ofPlatform()
                                .daemon()
                                .name("shunt-process-start")
                                .start(() -> {
                                    CurrentEngine.set(new CurrentEngine(engine, null, pool.slot(0), true));
                                    try {
                                        callback.run();
                                        started.complete(null);
                                    } catch (Throwable e) { // the program's own code; its process does not start
                                        started.completeExceptionally(e);
                                    }
                                }),
                        () -> started.complete(null));
        return started;
    }

    /** Tells the manager why, and ends this process. */
    static void cannotStart(BlockingLink link, String why) {
        link.send(new Frame.StartFailed(why));
        link.flushAll(LAST_FLUSH);
        Runtime.getRuntime().halt(START_FAILED);
    }

    void received(ToChild.Work frame) {
        if (!(frame instanceof Lease)) {
            receivedAll(); // what is said of a lease comes after it
        }
        switch (frame) {
            case Lease lease -> arrived.add(new LeaseRun(lease));
            case Frame.TakeBack takeBack -> {
                link.send(new Frame.TakenBack(pool.takeBack(takeBack.count())));
                link.flush();
            }
            case Frame.Interrupt interrupt -> interrupt(interrupt.lease());
            case Frame.Adopt adopt -> connections.adopt(plan.listeners().get(adopt.listener()), adopt.peer());
            case TaskEnded ended when ended.slot() == Frame.NO_SLOT -> tasks.awaitedEnded(ended);
            case TaskEnded ended ->
                tasks.arrived(ended, () -> pool.slot(ended.slot()).execute(() -> taskEnded(ended)));
            case Frame.TaskProgressed progressed -> {
                if (tasks.progressCame(progressed)) {
                    pool.slot(progressed.slot()).execute(() -> tasks.progressed(progressed.taskId()));
                }
            }
            case Frame.TaskStored stored -> tasks.stored(stored);
            case Frame.TaskTaken taken -> tasks.taken(taken.taskId());
            case Frame.TaskIds ids -> questions.number(ids.number());
            case Frame.Posted posted -> pool.slot(posted.slot()).execute(() -> posts.posted(posted));
            case Frame.Closing closing -> connections.closing(closing.connectionId());
            case Frame.Congested(long to) when Frame.isLease(to) -> hold(Frame.leaseOf(to), true);
            case Frame.Congested(long to) when Frame.isSlot(to) -> posts.congested(Frame.slotOf(to), true);
            case Frame.Congested(long to) -> connections.congested(to);
            case Frame.Uncongested(long to) when Frame.isLease(to) -> hold(Frame.leaseOf(to), false);
            case Frame.Uncongested(long to) when Frame.isSlot(to) -> posts.congested(Frame.slotOf(to), false);
            case Frame.Uncongested(long to) -> {
                connections.uncongested(to);
                answers.uncongested(to);
            }
            case Frame.Taken taken when Frame.isSlot(taken.to()) -> posts.taken(Frame.slotOf(taken.to()), taken);
            case Frame.Taken taken -> connections.taken(taken);
            case Frame.PartTaken taken -> answers.taken(taken);
            case Frame.BodyPart part -> answers.bodyCame(part);
            case Frame.Answered answered -> questions.answered(answered);
            case Frame.Published published -> questions.published(published);
            case Frame.Told told -> questions.answered(told);
            case Frame.Stats stats -> questions.answered(stats);
            case Frame.Controlled controlled -> {
                questions.answered(controlled);
                if (stopping) {
                    pool.askAgain();
                }
            }
            case ToChild.OfSockets forSockets -> sockets.received(forSockets);
            case Frame.Ping _ -> manager.tell(about.now());
            case Frame.Stop _ -> stop();
        }
    }

    void receivedAll() {
        if (!arrived.isEmpty()) {
            pool.addAll(arrived, engine.slot().isPresent());
            arrived.clear();
        }
    }

    private void interrupt(long lease) {
        if (pool.interrupt(lease)) {
            link.send(new Frame.TakenBack(List.of(lease)));
            link.flush();
        }
    }

    private void hold(long lease, boolean yes) {
        FinishGate gate = finishing.get(lease);
        if (gate != null) {
            gate.hold(yes);
        }
    }

    private void taskEnded(TaskEnded ended) {
        try {
            tasks.ended(ended);
        } finally {
            if (stopping) {
                pool.askAgain();
            }
        }
    }

    /** Callbacks that wait for tasks get some time to hear of them; after that their results are the successor's. */
    private void stop() {
        stopping = true;
        var patience = Duration.ofNanos(plan.settings().stopDeadline().toNanos() / 2); // dividedBy sets up BigDecimal
        var outOfPatience = new AtomicBoolean();
        timers.stop();
        timers.alarm(patience, () -> {
            outOfPatience.set(true);
            pool.askAgain();
        });
        var _ = sockets.end(patience)
                .thenCompose(
                        _ -> pool.stop(() -> outOfPatience.get() || !(tasks.awaitsResults() || questions.areOpen())))
                .thenRun(() -> {
                    link.flushAll(LAST_FLUSH);
                    System.exit(0);
                });
    }

    /** A virtual slot does not read: its carrier would wait with it. One that stands by for sockets must not either. */
    private void learn(long tookNanos) {
        usualRunNanos += (tookNanos - usualRunNanos) / 8;
        link.lend(usualRunNanos < LONG_RUN_NANOS && !group.virtual() && !sockets.areWanted());
    }

    private final class LeaseRun implements Slots.Leased {

        private final Lease lease;

        LeaseRun(Lease lease) {
            this.lease = lease;
        }

        @Override
        public long lease() {
            return lease.lease();
        }

        @Override
        public int slot() {
            return lease.terms().slot();
        }

        @Override
        public void run(int index, Interruption interruption) {
            long began = clock.nanoTime();
            if (lease.terms().fence() != 0 && !shared.begins(lease.lease(), began)) {
                givenBack();
                link.send(new Frame.TakenBack(List.of(lease.lease())));
                return;
            }
            table.starting(index, lease.lease(), lease.kind(), lease.subject(), lease.attempt(), began);
            Settlement settlement = run(interruption);
            long took = clock.nanoTime() - began;
            Frame.Settled settled = settled(settlement, took);
            table.ended(index);
            if (lease.terms().fence() != 0) {
                shared.ended(lease.lease());
            }
            link.send(settled);
            learn(took);
        }

        /** No file, or no memory for what is in it: the lease has an end all the same. */
        private Settlement run(Interruption interruption) {
            try {
                return switch (lease.kind()) {
                    case TASK -> runTask(interruption);
                    case PACKET -> runPacket(interruption);
                    case CONNECT, MESSAGE, DRAINED, CLOSE -> runConnectionEvent(interruption);
                };
            } catch (Throwable e) { // not the program's code, which is caught nearer
                LOG.error("{} {} could not be run", lease.kind(), lease.subject(), e);
                return Settlement.failed(e);
            }
        }

        /** The manager sends another payload when it leases the task again. */
        @Override
        public void givenBack() {
            files.discard(lease.payload());
        }

        private Settlement runTask(Interruption interruption) {
            Data data = files.unpack(lease.payload(), plan.codec());
            var terms = lease.terms();
            var task = new Task(
                    lease.subject(),
                    data,
                    lease.attempt(),
                    lease.source(),
                    terms.deadlineMillis() == 0
                            ? Optional.empty()
                            : Optional.of(Instant.ofEpochMilli(terms.deadlineMillis())),
                    terms.fence(),
                    terms.headers(),
                    new ReportingRun(lease, interruption));
            interruption.begin(lease.lease());
            try {
                return HandlerRun.task(
                        group.tasks().orElseThrow(), plan.taskTypes().contexts(), terms.type(), task);
            } finally {
                interruption.end();
                if (task.isAnswered()) {
                    finishing.remove(lease.lease());
                }
            }
        }

        private Settlement runPacket(Interruption interruption) {
            int index = (int) lease.subject();
            var listener = plan.listeners().get(index);
            var datagram = Datagram.decoded(files.unpack(lease.payload(), Codec.json()));
            interruption.begin(lease.lease());
            try {
                return HandlerRun.connection(
                        listener, WorkKind.PACKET, connections.sender(datagram, listener, index), datagram.data());
            } finally {
                interruption.end();
            }
        }

        private Settlement runConnectionEvent(Interruption interruption) {
            ChildConnection connection = connections.get(lease.subject());
            if (connection == null) {
                return Settlement.failed(
                        new IllegalStateException("connection " + lease.subject() + " is unknown here"));
            }
            Data packet = files.unpack(lease.payload(), Codec.json());
            if (!connection.wants(lease.kind())) {
                return Settlement.done(Data.empty());
            }
            if (lease.kind() == WorkKind.CLOSE) {
                connections.closed(connection, CloseStatus.decoded(packet));
                answers.closed(connection.id());
            }
            interruption.begin(lease.lease());
            Settlement settlement;
            try {
                settlement = HandlerRun.connection(connection.listener(), lease.kind(), connection, packet);
            } finally {
                interruption.end();
            }
            if (settlement.outcome() == Outcome.FAILED) {
                connection.closing(); // its next message may be here before the manager knows
            }
            return settlement;
        }

        /** A result that cannot be encoded, or for which the disk has no room, is a failure of its task. Never throws. */
        private Frame.Settled settled(Settlement settlement, long tookNanos) {
            try {
                return new Frame.Settled(
                        lease.lease(),
                        settlement.outcome(),
                        tookNanos,
                        settlement.retry(),
                        files.pack(settlement.data()));
            } catch (Throwable e) { // the program's own code writes its results, as JSON for one
                return new Frame.Settled(
                        lease.lease(),
                        Outcome.FAILED,
                        tookNanos,
                        Retry.byOptions(),
                        Payload.inline(Settlement.failed(e).data()));
            }
        }
    }

    /** What a handler says before it ends goes to the manager, if anybody wants to hear it. */
    private final class ReportingRun implements Task.Run {

        private final Lease lease;
        private final Interruption interruption;

        ReportingRun(Lease lease, Interruption interruption) {
            this.lease = lease;
            this.interruption = interruption;
        }

        @Override
        public boolean isCancelled() {
            return interruption.isWanted();
        }

        @Override
        public void awaitRoom() {
            FinishGate gate = finishing.get(lease.lease());
            if (gate != null) {
                gate.pass(lease.subject());
            }
        }

        @Override
        public boolean finished(Data result) {
            boolean wanted = lease.terms().interest() == Interest.RESULTS;
            if (wanted) {
                finishing.computeIfAbsent(lease.lease(), _ -> new FinishGate());
                manager.tell(new Frame.Reported(lease.lease(), Report.FINISHED, files.pack(result)));
            }
            return wanted;
        }

        @Override
        public void progressed(Data progress) {
            if (lease.terms().interest() == Interest.HANDLE) {
                manager.tell(new Frame.Reported(lease.lease(), Report.PROGRESSED, files.pack(progress)));
            }
        }
    }
}
