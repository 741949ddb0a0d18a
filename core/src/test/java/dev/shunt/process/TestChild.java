package dev.shunt.process;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.ipc.BlockingLink;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.Hello;
import dev.shunt.ipc.Frame.Lease;
import dev.shunt.ipc.Frame.Leaving;
import dev.shunt.ipc.Frame.Ready;
import dev.shunt.ipc.Frame.Refused;
import dev.shunt.ipc.Frame.Settled;
import dev.shunt.ipc.Frame.StartFailed;
import dev.shunt.ipc.Frame.Stop;
import dev.shunt.ipc.Frame.Welcome;
import dev.shunt.ipc.FrameCodec;
import dev.shunt.ipc.Link;
import dev.shunt.ipc.LinkEvents;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.ipc.SlotTable;
import dev.shunt.task.Outcome;
import dev.shunt.task.Retry;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * The program of the children in these tests. Its first argument says how it behaves when it starts, or "@" and the file
 * that says so; its leases carry commands as text. Slot 0 runs them.
 */
final class TestChild implements LinkEvents<Frame.ToChild> {

    static final String SHAPE = "group test: 2 slots\nlistener none";

    private final ChildIdentity identity;
    private final String mode;
    private final SlotTable slots;
    private final PayloadFiles files;
    private final ExecutorService slot = Executors.newSingleThreadExecutor();

    private TestChild(ChildIdentity identity, String mode) {
        this.identity = identity;
        this.mode = mode;
        this.slots = SlotTable.open(identity.slotTable());
        this.files = new PayloadFiles(identity.payloads());
    }

    public static void main(String[] args) throws IOException {
        var identity = ChildIdentity.ofThisProcess();
        if (identity.isEmpty()) {
            System.exit(42);
        }
        var mode = args[0].startsWith("@") ? Files.readString(Path.of(args[0].substring(1))) : args[0];
        switch (mode) {
            case "returns" -> {}
            case "hangs" -> LockSupport.park(args);
            case "exits" -> System.exit(7);
            default -> {
                var child = new TestChild(identity.get(), mode);
                var link = BlockingLink.connect(identity.get().socket());
                ChildSignals.install(() -> {
                    link.send(new Leaving());
                    link.flush();
                });
                link.run(FrameCodec::toChild, child);
            }
        }
    }

    @Override
    public void opened(Link link) {
        link.send(new Hello(
                identity.secret(),
                identity.serial(),
                ProcessHandle.current().pid(),
                shape(),
                FrameCodec.MAX_FRAME_BYTES));
        link.flush();
    }

    @Override
    public void received(Link link, Frame.ToChild frame) {
        switch (frame) {
            case Welcome _ -> {
                if (mode.startsWith("start fails")) {
                    link.send(new StartFailed(mode));
                    link.flush();
                    System.exit(1);
                }
                if (!mode.equals("never ready")) {
                    link.send(new Ready());
                    link.flush();
                }
            }
            case Refused refused -> {
                System.err.println(refused.reason());
                Thread.ofPlatform().start(() -> System.exit(1));
            }
            case Frame.Ping _ -> {
                link.send(new Frame.Pong(1, 2, ""));
                link.flush();
            }
            case Lease lease -> slot.execute(() -> run(link, lease));
            case Stop _ -> {
                if (!mode.equals("stubborn")) {
                    Thread.ofPlatform().start(() -> System.exit(0));
                }
            }
            case Frame.ToChild.Work other -> throw new IllegalStateException("unexpected " + other);
        }
    }

    @Override
    public void receivedAll(Link link) {}

    @Override
    public void closed(Link link, String reason) {
        while (reason.equals("closed here")) {
            LockSupport.park(this);
        }
        System.err.println("child " + identity.serial() + ": " + reason);
        RunDirectory.removeAbandoned(identity.runDirectory(), Duration.ofSeconds(1));
        Runtime.getRuntime().halt(0);
    }

    /** Another program, if the mode names a file: what the file says. */
    private String shape() {
        try {
            return mode.startsWith("/") ? Files.readString(Path.of(mode)) : SHAPE;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(Link link, Lease lease) {
        slots.starting(
                0,
                lease.lease(),
                lease.kind(),
                lease.subject(),
                lease.attempt(),
                Clock.system().nanoTime());
        var command = files.unpack(lease.payload(), Codec.json()).text();
        var words = command.split(" ", 2);
        Object answer = switch (words[0]) {
            case "echo" -> words[1];
            case "exit" -> exit(Integer.parseInt(words[1]));
            case "oom" -> allocate();
            case "hang" -> hang(link, lease);
            case "hello" -> send(link, new Hello("", 0, 0, "", FrameCodec.MAX_FRAME_BYTES));
            case "lease" -> send(link, lease);
            case "close" -> close(link);
            case "grandchild" -> grandchild();
            default -> throw new IllegalArgumentException(command);
        };
        slots.ended(0);
        settle(link, lease, answer);
    }

    private void settle(Link link, Lease lease, Object answer) {
        link.send(new Settled(lease.lease(), Outcome.DONE, 1, Retry.byOptions(), files.pack(Data.of(answer))));
        link.flush();
    }

    private static Object exit(int status) {
        System.exit(status);
        return "";
    }

    private static Object allocate() {
        var all = new ArrayList<long[]>();
        while (all.size() < Integer.MAX_VALUE) {
            all.add(new long[1 << 20]);
        }
        return all;
    }

    /** Tells that it runs, and runs on. */
    private Object hang(Link link, Lease lease) {
        settle(link, new Lease(-lease.lease(), lease.kind(), 0, 0, 0, lease.terms(), lease.payload()), "hanging");
        while (true) {
            LockSupport.park(this);
        }
    }

    private static Object send(Link link, Frame frame) {
        link.send(frame);
        link.flush();
        return "";
    }

    private static Object close(Link link) {
        link.close();
        return "";
    }

    private Object grandchild() {
        try {
            return new ProcessBuilder(LaunchCommand.ofMainClass(TestChild.class, "normal")
                            .through(identity.runDirectory().resolve("grandchild"), List.of()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
