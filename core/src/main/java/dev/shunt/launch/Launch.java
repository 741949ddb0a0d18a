package dev.shunt.launch;

import dev.shunt.engine.CurrentEngine;
import dev.shunt.engine.Engine;
import dev.shunt.engine.child.ChildProcess;
import dev.shunt.engine.manager.ManagerProcess;
import dev.shunt.plan.Placement;
import dev.shunt.plan.Plan;
import dev.shunt.process.ChildIdentity;
import dev.shunt.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides what this process is: a child if its environment says so, else a manager. There may be several programs in one
 * JVM; each is known by its {@link Start}, and children serve theirs.
 */
public final class Launch {

    private static final int START_FAILED = 1;
    private static final Optional<ChildLaunch> CHILD =
            ChildIdentity.ofThisProcess().map(child -> new ChildLaunch(child, Replay.ofThisProcess()));
    private static final Starts STARTS = new Starts();

    private static final ScopedValue<Instead> INSTEAD = ScopedValue.newInstance();

    private Launch() {}

    /** What is done with a program that is started, in a process that is no child. */
    public interface Instead {

        /** Whether it is to run all the same. */
        boolean of(Plan plan, Start start);
    }

    /** Runs code that may start programs on this thread: with each of them this is done first. */
    public static void instead(Instead action, Runnable code) {
        ScopedValue.where(INSTEAD, action).run(code);
    }

    /** Watches the manager from the first use on: the child ends with it even while {@code main} is not yet that far. */
    private static final class Watch {

        private static final boolean STARTED = start();

        private static boolean start() {
            CHILD.ifPresent(child -> watchManager(child.identity()));
            return CHILD.isPresent();
        }

        private static void watchManager(ChildIdentity child) {
            var manager = ProcessHandle.of(child.managerPid());
            if (manager.isPresent()) {
                var _ = manager.get().onExit().thenRun(() -> ChildProcess.managerIsGone(child));
            } else {
                ChildProcess.managerIsGone(child);
            }
        }
    }

    /**
     * Called as early as a face can: in a child it connects to the manager, so that the child ends with it even while the
     * program's {@code main} is still on its way to {@link #run}. Does nothing in the manager.
     */
    public static void enter() {
        var _ = Watch.STARTED;
    }

    /** Whether this process is a child that serves some program's slots. From then on it ends with its manager. */
    public static boolean isChild() {
        enter();
        return CHILD.isPresent();
    }

    /**
     * In a child: main cannot come to the start of its program. The manager hears why, and the process ends.
     *
     * @throws IllegalStateException in a process that is no child
     */
    public static void cannotStart(String why) {
        var child = CHILD.orElseThrow(() -> new IllegalStateException("this process is no child: throw an exception"));
        child.identity().cannotStart(why);
        Runtime.getRuntime().halt(START_FAILED);
    }

    /** Whether it is one of that program, and has not come to its start before. */
    static boolean isChildOf(Start start) {
        return CHILD.isPresent() && CHILD.get().isOf(start);
    }

    /**
     * A program that the calling thread makes; called in the same order in every process.
     *
     * @param program tells it from others, such as {@code the server on 127.0.0.1:9501}
     */
    public static Start start(String program) {
        enter();
        return STARTS.next(program);
    }

    /**
     * In a child: the program had been started and had ended before this child's own was started, so that whoever ends it
     * once more repeats what was done in the manager.
     */
    public static boolean hasEndedBefore(Start start) {
        return CHILD.isPresent() && CHILD.get().hasEnded(start);
    }

    /**
     * Runs the plan. In the manager it returns when the program has stopped; in a child it never returns, and the process
     * exits instead; but a child of another program returns at once, if this one had ended before that was started.
     *
     * @param onEngine given the engine of this process before any handler runs
     * @throws IllegalStateException if it cannot start; says why and what to do
     */
    public static void run(Plan plan, Start start, Consumer<Engine> onEngine) {
        if (CHILD.isPresent()) {
            CHILD.get().run(plan, start, onEngine);
            return;
        }
        if (INSTEAD.isBound() && !INSTEAD.get().of(plan, start)) {
            return;
        }
        refuseWhereMainDoesNotCome(plan, start);
        try {
            var option = STARTS.replay(start).option();
            new ManagerProcess(plan, Clock.system(), option).run(onEngine);
            STARTS.returned(start);
        } catch (RuntimeException | Error e) {
            STARTS.threw(start, e);
            throw e;
        }
    }

    static void refuseWhereMainDoesNotCome(Plan plan, Start start) {
        boolean children = plan.groups().stream().anyMatch(group -> group.placement() == Placement.CHILDREN);
        if (CurrentEngine.orNull() != null
                && children
                && plan.settings().childMain().isEmpty()) {
            throw new IllegalStateException(start + " is started by a callback or a handler of another program: its"
                    + " children run main, and do not come there; start it in main, name a childMain, or say"
                    + " inProcess(true)");
        }
    }
}
