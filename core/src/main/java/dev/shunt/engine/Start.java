package dev.shunt.engine;

import dev.shunt.plan.Plan;
import dev.shunt.process.ChildIdentity;
import dev.shunt.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/** Decides what this process is: a child if its environment says so, else a manager. */
final class Start {

    private static final Optional<ChildIdentity> CHILD = ChildIdentity.ofThisProcess();

    private Start() {}

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

    /** True in a child. */
    static boolean enter() {
        return Watch.STARTED;
    }

    static void run(Plan plan, Consumer<Engine> onEngine) {
        if (CHILD.isPresent()) {
            ChildProcess.run(plan, CHILD.get(), onEngine);
        } else {
            new ManagerProcess(plan, Clock.system()).run(onEngine);
        }
    }
}
