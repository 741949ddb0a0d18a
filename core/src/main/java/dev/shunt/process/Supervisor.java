package dev.shunt.process;

import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.Adopt;
import dev.shunt.ipc.Frame.AskStats;
import dev.shunt.ipc.Frame.Cancel;
import dev.shunt.ipc.Frame.Clogged;
import dev.shunt.ipc.Frame.Close;
import dev.shunt.ipc.Frame.Heard;
import dev.shunt.ipc.Frame.Hello;
import dev.shunt.ipc.Frame.Interrupt;
import dev.shunt.ipc.Frame.Lease;
import dev.shunt.ipc.Frame.Leaving;
import dev.shunt.ipc.Frame.Post;
import dev.shunt.ipc.Frame.Posted;
import dev.shunt.ipc.Frame.Ready;
import dev.shunt.ipc.Frame.Refused;
import dev.shunt.ipc.Frame.Reload;
import dev.shunt.ipc.Frame.Reported;
import dev.shunt.ipc.Frame.Send;
import dev.shunt.ipc.Frame.Settled;
import dev.shunt.ipc.Frame.Shutdown;
import dev.shunt.ipc.Frame.StartFailed;
import dev.shunt.ipc.Frame.Stats;
import dev.shunt.ipc.Frame.Stop;
import dev.shunt.ipc.Frame.Submit;
import dev.shunt.ipc.Frame.TakeBack;
import dev.shunt.ipc.Frame.TakenBack;
import dev.shunt.ipc.Frame.TaskEnded;
import dev.shunt.ipc.Frame.TaskReported;
import dev.shunt.ipc.Frame.TaskStored;
import dev.shunt.ipc.Frame.TaskTaken;
import dev.shunt.ipc.Frame.Unclogged;
import dev.shunt.ipc.Frame.Welcome;
import dev.shunt.ipc.Link;
import dev.shunt.ipc.LinkEvents;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a child in every place of a program: starts it, knows it by its hello, replaces it when it dies.
 * Single-threaded: all methods and all {@link #links} events are called on the executor's one thread, and all {@link
 * SupervisorEvents} come on it. A child is down when its link is closed <em>and</em> its process has exited, not
 * before; if only one of the two happens, the other is brought about after {@link #ONE_WITHOUT_THE_OTHER}.
 */
public final class Supervisor {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration ONE_WITHOUT_THE_OTHER = Duration.ofSeconds(1);
    private static final Duration HELLO_WITHIN = Duration.ofSeconds(10);
    private static final Duration SLOW_START = Duration.ofSeconds(30);

    private final ChildProgram program;
    private final ChildLauncher launcher;
    private final Clock clock;
    private final ScheduledExecutorService executor;
    private final SupervisorEvents events;
    private final Reception reception;
    private final Map<Long, Child> children = new HashMap<>();
    private final List<Succession> successions;
    private final CompletableFuture<@Nullable Void> allGone = new CompletableFuture<>();

    private long lastSerial;
    private boolean stopping;

    public Supervisor(
            ChildProgram program,
            RunDirectory directory,
            Clock clock,
            ScheduledExecutorService executor,
            SupervisorEvents events) {
        this(program, directory, clock, executor, events, HELLO_WITHIN);
    }

    Supervisor(
            ChildProgram program,
            RunDirectory directory,
            Clock clock,
            ScheduledExecutorService executor,
            SupervisorEvents events,
            Duration helloWithin) {
        this.program = program;
        this.launcher = new ChildLauncher(directory, program.command());
        this.clock = clock;
        this.executor = executor;
        this.events = events;
        this.reception = new Reception(directory.secret(), helloWithin, this);
        this.successions = program.places().stream()
                .map(place -> new Succession(place, program.restarts()))
                .toList();
    }

    /** What the listener of {@link RunDirectory#socket} has to call. */
    public LinkEvents links() {
        return reception;
    }

    /** Starts a child in every place; the socket is listened on already. */
    public void start() {
        successions.forEach(this::launch);
    }

    /** Every child whose process lives or whose link is open. */
    public List<Child> children() {
        return List.copyOf(children.values());
    }

    /** Replaces a child: starts its successor, has it finish its work, kills it after the deadline. */
    public void retire(Child child, Duration deadline) {
        switch (child.state()) {
            case STARTING -> child.kill("it was to be replaced before it had started");
            case GREETED, READY -> {
                child.leaving();
                placeOf(child).ifPresent(this::launch);
                events.retiring(child);
                askToStop(child, deadline);
            }
            case LEAVING, GONE -> {}
        }
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

    void greeted(Child child, Link link, String shape) {
        child.greeted(link);
        if (shape.equals(program.shape())) {
            child.send(new Welcome());
            child.flush();
            return;
        }
        String diff = ShapeDiff.of(program.shape(), shape);
        String reason = "its program is not its manager's; main has to build the same in every process:\n" + diff;
        child.leaving();
        child.send(new Refused(reason));
        child.flush();
        later(ONE_WITHOUT_THE_OTHER, () -> child.kill("it was refused and did not end"));
        LOG.warn("{} is refused: {}", child, reason);
        events.shapeDiffers(child.place(), diff);
        giveUpIfFirst(child, child + " is refused: " + reason);
    }

    void received(Child child, Frame frame) {
        switch (frame) {
            case Ready _ -> ready(child);
            case StartFailed failed -> {
                LOG.warn("{} could not start: {}", child, failed.message());
                giveUpIfFirst(child, child + " could not start: " + failed.message());
                later(ONE_WITHOUT_THE_OTHER, () -> child.kill("it could not start and did not end"));
            }
            case Leaving _ -> retire(child, program.stopDeadline());
            case Settled _,
                    Reported _,
                    TakenBack _,
                    Submit _,
                    Cancel _,
                    Post _,
                    Send _,
                    Close _,
                    AskStats _,
                    Heard _,
                    Reload _,
                    Shutdown _ -> events.received(child, frame);
            case Hello _,
                    Refused _,
                    Welcome _,
                    Adopt _,
                    Lease _,
                    TakeBack _,
                    Interrupt _,
                    TaskEnded _,
                    TaskReported _,
                    TaskStored _,
                    TaskTaken _,
                    Posted _,
                    Clogged _,
                    Unclogged _,
                    Stats _,
                    Stop _ -> {
                LOG.warn(
                        "{} sent a {}, which no child may send; its link is closed",
                        child,
                        frame.getClass().getSimpleName());
                child.closeLink();
            }
        }
    }

    void receivedAll(Child child) {
        events.receivedAll(child);
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
            placeOf(child).ifPresent(Succession::becameReady);
            events.ready(child);
        }
    }

    private void launch(Succession place) {
        if (place.hasEnded()) {
            return;
        }
        try {
            var child = launcher.launch(place.place(), ++lastSerial);
            place.heldBy(child);
            children.put(child.serial(), child);
            LOG.debug("{} is started", child);
            child.onExit(status -> executor.execute(() -> guarded(() -> exited(child, status))));
            later(SLOW_START, () -> warnIfStillStarting(child));
        } catch (IOException e) {
            LOG.error("no process can be started for {}: {}", place.place(), e.toString());
            if (place.startFailedOnceMore()) {
                giveUp(place, "no process can be started for " + place.place() + ": " + e.getMessage());
            } else {
                launchAfter(place, place.delayAfter(null));
            }
        }
    }

    private void launchAfter(Succession place, Duration delay) {
        if (delay.isZero()) {
            launch(place);
        } else {
            place.waits(later(delay, () -> launch(place)));
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
        guarded(() -> events.down(child, child.exit()));
        discard(child);
        placeOf(child).ifPresent(place -> replace(place, child, before));
        if (stopping && children.isEmpty()) {
            allGone.complete(null);
        }
    }

    private void replace(Succession place, Child child, ChildState before) {
        if (place.hasEnded()) {
            return;
        }
        var since = child.readySinceNanos();
        if (since == null && place.startFailedOnceMore()) {
            giveUp(place, why(child, before));
            return;
        }
        var delay = place.delayAfter(since == null ? null : Duration.ofNanos(clock.nanoTime() - since));
        LOG.warn("{}: {}. Its successor starts in {} ms", child, child.exit(), delay.toMillis());
        launchAfter(place, delay);
    }

    private String why(Child child, ChildState before) {
        String why = program.restarts().firstStarts()
                + " children in a row ended before they were ready, the last one with " + child.exit();
        return before == ChildState.STARTING
                ? why + " before it had said hello: main must come to the start of the server in every process,"
                        + " and the JVM options of its children must be right; what they printed says more"
                : why;
    }

    private void giveUpIfFirst(Child child, String reason) {
        placeOf(child)
                .filter(place -> !place.wasEverReady() && !place.hasEnded())
                .ifPresent(place -> giveUp(place, reason));
    }

    private void giveUp(Succession place, String reason) {
        place.end();
        events.startFailed(place.place(), reason);
    }

    /** Empty if the child has been replaced. */
    private Optional<Succession> placeOf(Child child) {
        return successions.stream().filter(place -> place.isHeldBy(child)).findFirst();
    }

    private void askToStop(Child child, Duration deadline) {
        child.send(new Stop());
        child.flush();
        later(deadline, () -> child.kill("it had not ended " + deadline.toMillis() + " ms after it was told to"));
    }

    /** From now on a child that dies has no successor. */
    public void replaceNoMore() {
        successions.forEach(Succession::end);
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
        } catch (RuntimeException e) {
            LOG.error("an event of a child could not be handled", e);
        }
    }
}
