package dev.shunt.process;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.FrameCodec;
import dev.shunt.ipc.Link;
import dev.shunt.ipc.LinkEvents;
import dev.shunt.log.Log;
import dev.shunt.time.Clock;
import dev.shunt.time.Nanos;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The children of a program from start to end: knows each by its hello, hears its link and its process, and has it stop.
 * Which place gets a child when is up to its {@link Succession}. Single-threaded: all methods and all {@link #links}
 * events are called on the executor's one thread, and all {@link SupervisorEvents} come on it. A child is down when its
 * link is closed <em>and</em> its process has exited, not before; if only one of the two happens, the other is brought
 * about after {@link #ONE_WITHOUT_THE_OTHER}.
 */
public final class Supervisor {

    private static final Logger LOG = Log.of(Supervisor.class);
    private static final Duration ONE_WITHOUT_THE_OTHER = Duration.ofSeconds(1);
    private static final Duration HELLO_WITHIN = Duration.ofSeconds(10);
    private static final Duration SLOW_START = Duration.ofSeconds(30);

    /** After the warning: where another child has been ready, one that does not even say hello is stopped, or stuck. */
    private static final Duration NO_START = Duration.ofSeconds(90);

    /** How often in a row a child is asked whether it lives, before its silence is believed. */
    private static final int PINGS = 3;

    /** What a child that leaves gets to end what it was asked to give up. */
    private static final Duration OVERDUE_GRACE = Duration.ofSeconds(1);

    private final ChildProgram program;
    private final RunDirectory directory;
    private final AotCaches aotCaches;
    private final ChildLauncher launcher;
    private final Clock clock;
    private final ScheduledExecutorService executor;
    private final SupervisorEvents events;
    private final ChildHandshake handshake;
    private final Map<Long, Child> children = new HashMap<>();
    private final Map<ChildPlace, Succession> successions = new LinkedHashMap<>();
    private final CompletableFuture<@Nullable Void> allGone = new CompletableFuture<>();

    private final Serials serials;
    private long lastSerial;
    private boolean stopping;

    /** @param serials each one greater than those before; if there is none now, the start is tried again later */
    public Supervisor(
            ChildProgram program,
            RunDirectory directory,
            Clock clock,
            ScheduledExecutorService executor,
            SupervisorEvents events,
            Serials serials) {
        this(program, directory, clock, executor, events, serials, HELLO_WITHIN);
    }

    Supervisor(
            ChildProgram program,
            RunDirectory directory,
            Clock clock,
            ScheduledExecutorService executor,
            SupervisorEvents events,
            Serials serials,
            Duration helloWithin) {
        this.program = program;
        this.serials = serials;
        this.directory = directory;
        this.aotCaches = AotCaches.of(program, directory.files(), clock);
        this.launcher = new ChildLauncher(program, directory, clock, aotCaches);
        this.clock = clock;
        this.executor = executor;
        this.events = events;
        this.handshake = new ChildHandshake(directory.secret(), helloWithin, this);
        var keeper = new Places();
        program.places().forEach(place -> successions.put(place, new Succession(place, program.restarts(), keeper)));
    }

    /** What the listener of {@link RunDirectory#socket} has to call. */
    public LinkEvents<FromChild> links() {
        return handshake;
    }

    /** Starts a child in every place; the socket is listened on already. */
    public void start() {
        successions.values().forEach(Succession::start);
        askLater();
    }

    /**
     * Asks each child whether it lives. What counts is how often it was asked, not the time: while the manager is stopped
     * itself, or its machine asleep, nobody is asked, and the first turn after that kills nobody.
     */
    private void ask() {
        askLater();
        successions.values().forEach(succession -> guarded(succession::startIfForgotten));
        long silent = program.silence().toMillis();
        for (var child : children()) {
            if (child.isDebugged() || child.ping() < PINGS) {
                continue;
            }
            LOG.warn("{} has not answered for {} ms: it is stopped, or has no time; it is killed", child, silent);
            child.kill("it had not answered for " + silent + " ms");
        }
    }

    private void askLater() {
        // Duration.dividedBy sets up BigDecimal, for 15 ms of a manager's start.
        later(Duration.ofNanos(program.silence().toNanos() / PINGS), this::ask);
    }

    /** Every child whose process lives or whose link is open. */
    public List<Child> children() {
        return List.copyOf(children.values());
    }

    /**
     * Replaces a child that serves. Its successor is started; when that is ready the child is {@link
     * SupervisorEvents#retiring}, finishes what runs, and is killed if it takes too long. Ends with {@link
     * SupervisorEvents#down}, or with {@link SupervisorEvents#notReplaced} if there is no successor to be had. Does
     * nothing if that is under way, or if children are {@link #replaceNoMore replaced no more}.
     */
    public void replace(Child child) {
        hurry(child);
        child.patient(false);
        at(child).replace(child);
    }

    /**
     * As {@link #replace}, of one that runs what does not end: what else it runs has until the stop deadline from now on, and
     * not from when the successor is ready; then it is killed, unless there is no successor to be had.
     */
    public void replaceSoon(Child child) {
        var deadline = program.stopDeadline();
        child.endBy(clock.nanoTime() + Nanos.of(deadline));
        replace(child);
        later(deadline, () -> {
            if (child.isAlive() && child.leftUntilEnd(clock.nanoTime()).isPresent()) {
                killOverdue(child, deadline);
            }
        });
    }

    /** As {@link #replace}, but the child may take its time with what it runs, until it is to {@link #hurry}. */
    public void replaceInTime(Child child) {
        if (at(child).replace(child)) {
            child.patient(true);
        }
    }

    /** One that was to take its time ends now, or is killed in a while: it runs nothing any more, or took too long. */
    public void hurry(Child child) {
        if (child.isPatient() && child.state() == ChildState.LEAVING) {
            child.patient(false);
            endInTime(child);
        }
    }

    private void endInTime(Child child) {
        var deadline = program.stopDeadline();
        var left = child.leftUntilEnd(clock.nanoTime())
                .map(time -> time.minus(OVERDUE_GRACE))
                .orElse(deadline);
        later(left.isNegative() ? Duration.ZERO : left, () -> {
            if (child.isAlive()) {
                later(OVERDUE_GRACE, () -> killOverdue(child, deadline.plus(OVERDUE_GRACE)));
                events.overdue(child);
            }
        });
    }

    /** Another place, which gets a child; or one that had been {@link #leave left}. */
    public void add(ChildPlace place) {
        var succession = new Succession(place, program.restarts(), new Places());
        successions.put(place, succession);
        succession.start();
    }

    /**
     * The child at this place finishes what it runs, without a deadline, and has no successor: it is {@link
     * SupervisorEvents#retiring} within this call.
     */
    public void leave(ChildPlace place) {
        children().stream()
                .filter(child -> child.place().equals(place) && child.state() == ChildState.READY)
                .forEach(child -> child.patient(true));
        Objects.requireNonNull(successions.get(place)).leave();
    }

    /** Of all children started so far, the last one's serial. */
    public long lastSerial() {
        return lastSerial;
    }

    /** Ends all children, by force after the deadline, and starts none any more. Completes when all are gone. */
    public CompletionStage<@Nullable Void> stopAll(Duration deadline) {
        endSuccessions();
        for (var child : children()) {
            switch (child.state()) {
                case STARTING -> child.kill("the program ends");
                case GREETED, READY -> {
                    child.leaving();
                    askToStop(child, deadline);
                }
                case LEAVING ->
                    later(deadline, () -> child.kill("it had not ended after " + deadline.toMillis() + " ms"));
                case GONE -> {}
            }
        }
        return allGone;
    }

    /** Ends one child now; unless all end, it is replaced. */
    public void kill(Child child, String reason) {
        child.kill(reason);
    }

    /** Ends all children now. Completes when all are gone. */
    public CompletionStage<@Nullable Void> killAll() {
        endSuccessions();
        children().forEach(child -> child.kill("the program ends at once"));
        return allGone;
    }

    @Nullable Child child(long serial) {
        return children.get(serial);
    }

    void greeted(Child child, Link link, Frame.Hello hello) {
        child.greeted(link, hello.maxFrameBytes());
        String shape = hello.shape();
        if (shape.equals(program.shape())) {
            child.send(new Frame.Welcome(FrameCodec.MAX_FRAME_BYTES));
            child.flush();
            return;
        }
        String diff = ShapeDiff.of(program.shape(), shape);
        String reason = "its program is not its manager's; main has to build the same in every process:\n" + diff;
        child.leaving();
        child.send(new Frame.Refused(reason));
        child.flush();
        later(ONE_WITHOUT_THE_OTHER, () -> child.kill("it was refused and did not end"));
        LOG.warn("{} is refused: {}", child, reason);
        events.shapeDiffers(child.place(), diff);
        at(child).cannotStart(child, child + " is refused: " + reason);
    }

    void received(Child child, FromChild frame) {
        switch (frame) {
            case Frame.Ready _ -> ready(child);
            case Frame.StartFailed failed -> {
                LOG.warn("{} could not start: {}", child, failed.message());
                at(child).cannotStart(child, child + " could not start: " + failed.message());
                later(ONE_WITHOUT_THE_OTHER, () -> child.kill("it could not start and did not end"));
            }
            case Frame.Leaving _ -> wantsToLeave(child);
            case Frame.Pong pong -> child.answered(pong);
            case FromChild.Work work -> events.received(child, work);
            case Frame.Hello _ -> {
                LOG.warn("{} said hello a second time; its link is closed", child);
                child.closeLink();
            }
        }
    }

    void linkClosed(Child child, String reason) {
        child.linkClosed();
        if (child.isAlive()) {
            LOG.debug("the link of {} is closed: {}", child, reason);
            later(ONE_WITHOUT_THE_OTHER, () -> child.kill("its link was closed (" + reason + ") and it lived on"));
        }
        downIfBoth(child);
    }

    /** Returns what cancels it. */
    Runnable later(Duration delay, Runnable action) {
        var future = executor.schedule(() -> guarded(action), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    private void ready(Child child) {
        if (child.state() == ChildState.GREETED) {
            child.ready(clock.nanoTime());
            at(child).ready(child);
            if (aotCaches.ready(child)) {
                later(AotCaches.MADE_AFTER, aotCaches::make);
            }
        }
    }

    /** One that has not begun to serve has nothing to hand over. */
    private void wantsToLeave(Child child) {
        switch (child.state()) {
            case READY -> replace(child);
            case STARTING, GREETED -> child.kill("it was told to end before it was ready");
            case LEAVING, GONE -> {}
        }
    }

    /** On the thread that waited for it: what ran in it is not told of, nor run again, beside what it has started. */
    private void processEnded(Child child, int status) {
        try {
            if (!child.hasStopped(status)) {
                guarded(() -> launcher.endThoseOf(child.serial()));
            }
        } finally {
            onExecutor(() -> exited(child, status));
        }
    }

    private void onExecutor(Runnable action) {
        try {
            executor.execute(() -> guarded(action));
        } catch (RejectedExecutionException e) {
            LOG.debug("too late for news of a child", e);
        }
    }

    private void exited(Child child, int status) {
        child.exited(status);
        later(ONE_WITHOUT_THE_OTHER, child::closeLink);
        downIfBoth(child);
    }

    private void downIfBoth(Child child) {
        if (!child.isDown() || child.state() == ChildState.GONE) {
            return;
        }
        var before = child.state();
        child.gone();
        children.remove(child.serial());
        // Whatever goes wrong with one of these, the place must have its successor, and a stop its end.
        String whyNot = before == ChildState.STARTING ? launcher.whyNot(child) : "";
        aotCaches.ended(child, before == ChildState.STARTING && whyNot.isEmpty());
        guarded(() -> events.down(child, child.exit()));
        guarded(() -> discard(child));
        if (!whyNot.isEmpty()) {
            at(child).cannotStart(child, child + " could not start: " + whyNot);
        }
        guarded(() -> at(child).down(child, readyFor(child), child + ": " + how(child, before)));
        if (stopping && children.isEmpty()) {
            allGone.complete(null);
        }
    }

    private @Nullable Duration readyFor(Child child) {
        var since = child.readySinceNanos();
        return since == null ? null : Duration.ofNanos(clock.nanoTime() - since);
    }

    private static String how(Child child, ChildState before) {
        return before == ChildState.STARTING
                ? child.exit()
                        + " before it had said hello: main must come to the start of the server in every process,"
                        + " and the JVM options of its children must be right; what they printed says more"
                : child.exit();
    }

    private Succession at(Child child) {
        return Objects.requireNonNull(successions.get(child.place()));
    }

    private void askToStop(Child child, Duration deadline) {
        child.stop();
        later(deadline, () -> killOverdue(child, deadline));
    }

    private static void killOverdue(Child child, Duration deadline) {
        child.kill("it had not ended " + deadline.toMillis() + " ms after it was told to");
    }

    /** From now on a child that dies has no successor. */
    public void replaceNoMore() {
        aotCaches.close();
        successions.values().forEach(Succession::end);
    }

    private void endSuccessions() {
        stopping = true;
        replaceNoMore();
        if (children.isEmpty()) {
            allGone.complete(null);
        }
    }

    private void warnIfStillStarting(Child child) {
        if (child.state() == ChildState.STARTING) {
            LOG.warn("{} runs for {} s and has not come to the start of the server", child, SLOW_START.toSeconds());
            later(NO_START, () -> killIfStillStarting(child));
        } else if (child.state() == ChildState.GREETED) {
            LOG.warn("{} runs for {} s and its start callbacks have not returned", child, SLOW_START.toSeconds());
        }
    }

    private void killIfStillStarting(Child child) {
        if (child.state() == ChildState.STARTING && at(child).hasServed()) {
            child.kill("it did not come to the start of the server within "
                    + SLOW_START.plus(NO_START).toSeconds() + " s, as others before it have");
        }
    }

    private void discard(Child child) {
        try {
            launcher.discard(child);
        } catch (IOException e) {
            LOG.warn("the slot table of {} cannot be deleted: {}", child, e.toString());
        }
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) { // an Error, too: the thread that it lacked may be there again
            FatalErrors.letOn(e);
            LOG.error("an event of a child could not be handled", e);
        }
    }

    /** What successions ask for. */
    private final class Places implements Succession.Keeper {

        @Override
        public Child start(ChildPlace place) throws IOException {
            if (Files.notExists(directory.socket())) {
                events.socketGone();
                throw new IOException(directory.socketGone());
            }
            lastSerial = serials.next();
            var child = launcher.launch(place, lastSerial);
            children.put(child.serial(), child);
            child.onExit(status -> processEnded(child, status));
            events.started(child);
            LOG.debug("{} is started", child);
            later(SLOW_START, () -> warnIfStillStarting(child));
            return child;
        }

        @Override
        public Runnable later(Duration delay, Runnable action) {
            return Supervisor.this.later(delay, action);
        }

        @Override
        public void serves(Child child) {
            events.ready(child);
        }

        @Override
        public void leaves(Child child) {
            boolean patient = child.isPatient();
            child.leaving();
            guarded(() -> events.retiring(child)); // it is to end in any case
            child.stop();
            if (!patient) {
                endInTime(child);
            }
        }

        @Override
        public void kill(Child child, String reason) {
            child.kill(reason);
        }

        @Override
        public void notReplaced(Child child, String reason) {
            child.patient(false);
            child.endsNot();
            events.notReplaced(child, reason);
        }

        @Override
        public void neverServed(ChildPlace place, String reason) {
            events.startFailed(place, reason);
        }
    }
}
