package dev.shunt.engine.child;

import dev.shunt.engine.Engine;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.ipc.BlockingLink;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.ToChild;
import dev.shunt.ipc.FrameCodec;
import dev.shunt.ipc.Link;
import dev.shunt.ipc.LinkEvents;
import dev.shunt.log.Log;
import dev.shunt.plan.Plan;
import dev.shunt.process.ChildIdentity;
import dev.shunt.process.ChildSignals;
import dev.shunt.process.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The life of a child process: says hello, works once it is welcome, and ends when told or when its manager is gone. The
 * thread that called {@code Launch.run} serves the link until then and never returns to the program.
 */
public final class ChildProcess implements LinkEvents<ToChild> {

    private static final Logger LOG = Log.of(ChildProcess.class);
    private static final int START_FAILED = 1;
    private static final int REFUSED = 2;

    /** Less than the two seconds within which no child may be left. */
    private static final Duration CLEANING = Duration.ofMillis(1_200);

    private final Plan plan;
    private final ChildIdentity identity;
    private final BlockingLink link;
    private final Consumer<Engine> onEngine;
    private @Nullable ChildWork work;

    private ChildProcess(Plan plan, ChildIdentity identity, BlockingLink link, Consumer<Engine> onEngine) {
        this.plan = plan;
        this.identity = identity;
        this.link = link;
        this.onEngine = onEngine;
    }

    /** Runs this process as the child it is, and exits it. */
    public static void run(Plan plan, ChildIdentity identity, Consumer<Engine> onEngine) {
        try {
            var link = BlockingLink.connect(identity.socket());
            ChildSignals.install(() -> {
                link.send(new Frame.Leaving());
                link.flush();
            });
            link.run(FrameCodec::toChild, new ChildProcess(plan, identity, link, onEngine));
            managerIsGone(identity); // also if it went while this child was stopping
        } catch (IOException e) {
            if (!RunDirectory.removeAbandoned(identity.runDirectory(), CLEANING)) {
                sayWhy(identity, e);
            }
            Runtime.getRuntime().halt(1); // its socket does not answer any more
        } catch (RuntimeException | Error e) { // threads of the program would keep a process that never says hello
            new FatalErrors().endIfFatal(e);
            LOG.error("{} cannot start", identity, e);
            Runtime.getRuntime().halt(START_FAILED);
        }
    }

    /** Its manager may live: then it is for somebody to mend. */
    private static void sayWhy(ChildIdentity identity, IOException problem) {
        if (ProcessHandle.of(identity.managerPid()).isPresent()) {
            LOG.error(
                    "{} cannot call its manager, process {}, at {}: {}",
                    identity,
                    identity.managerPid(),
                    identity.socket(),
                    Files.exists(identity.socket())
                            ? problem.toString()
                            : "the socket is gone, removed by another program, such as a cleaner of temporary directories");
        }
    }

    /**
     * Leaves nothing behind: no process, and no directory, which its owner can no longer remove. Whoever comes second, of the
     * two who notice, waits here for the end.
     */
    public static synchronized void managerIsGone(ChildIdentity identity) {
        try {
            RunDirectory.removeAbandoned(identity.runDirectory(), CLEANING);
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }

    @Override
    public void opened(Link same) {
        link.send(new Frame.Hello(
                identity.secret(),
                identity.serial(),
                ProcessHandle.current().pid(),
                plan.shape().toString(),
                FrameCodec.MAX_FRAME_BYTES));
        link.flush();
    }

    @Override
    public void received(Link same, ToChild frame) {
        switch (frame) {
            case Frame.Welcome(int maxFrameBytes) -> {
                link.limit(maxFrameBytes);
                welcomed();
            }
            case Frame.Refused _ -> Runtime.getRuntime().halt(REFUSED); // the manager tells the user why
            case ToChild.Work forWelcome ->
                Objects.requireNonNull(work, "not welcome yet").received(forWelcome);
        }
    }

    private void welcomed() {
        try {
            work = new ChildWork(plan, identity, link);
            onEngine.accept(work.engine());
            work.start();
        } catch (RuntimeException | Error e) { // a link that only closed would not say why
            new FatalErrors().endIfFatal(e);
            LOG.error("{} cannot begin its work", identity, e);
            ChildWork.cannotStart(link, "it cannot begin its work: " + e);
        }
    }

    @Override
    public void receivedAll(Link same) {
        if (work != null) {
            work.receivedAll();
        }
    }

    /** {@link #run} goes on and ends the process. */
    @Override
    public void closed(Link same, String reason) {}
}
