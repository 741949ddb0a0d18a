package dev.shunt.launch;

import dev.shunt.engine.Engine;
import dev.shunt.engine.child.ChildProcess;
import dev.shunt.engine.manager.ManagerProcess;
import dev.shunt.plan.Plan;
import dev.shunt.process.ChildIdentity;
import dev.shunt.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/** Decides what this process is: a child if its environment says so, else a manager. */
public final class Launch {

    private static final Optional<ChildIdentity> CHILD = ChildIdentity.ofThisProcess();

    private Launch() {}

    /** Watches the manager from the first use on: the child ends with it even while {@code main} is not yet that far. */
    private static final class Watch {

        private static final boolean STARTED = start();

        private static boolean start() {
            CHILD.ifPresent(Watch::watchManager);
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

    /**
     * Runs the plan. In the manager it returns when the program has stopped; in a child it never returns, and the process
     * exits instead.
     *
     * @param onEngine given the engine of this process before any handler runs
     * @throws IllegalStateException if it cannot start; says why and what to do
     */
    public static void run(Plan plan, Consumer<Engine> onEngine) {
        if (CHILD.isPresent()) {
            ChildProcess.run(plan, CHILD.get(), onEngine);
        } else {
            new ManagerProcess(plan, Clock.system()).run(onEngine);
        }
    }
}
