package dev.shunt.ipc;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame.Lease;
import dev.shunt.ipc.Frame.Settled;
import dev.shunt.task.Outcome;
import dev.shunt.task.Retry;
import dev.shunt.time.Clock;
import java.nio.file.Files;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A program, not a test: leases one way and their ends the other, over two links in one JVM, first with 4096
 * outstanding, then one at a time. Prints frames per second in each direction. Argument: seconds per figure.
 */
final class BlockingLinkLoad {

    private static final Clock CLOCK = Clock.system();
    private static final Payload PAYLOAD = Payload.inline(Data.of("a small payload!"));

    private BlockingLinkLoad() {}

    public static void main(String[] args) throws Exception {
        long seconds = args.length > 0 ? Long.parseLong(args[0]) : 3;
        for (int round = 0; round < 3; round++) {
            for (int outstanding : new int[] {SlotTable.MAX_LEASES, 1}) {
                for (int slots : new int[] {1, 4}) {
                    run("flush", seconds, outstanding, slots, BlockingLink::flush);
                    run("flushSoon", seconds, outstanding, slots, BlockingLink::flushSoon);
                }
            }
        }
    }

    private static void run(String name, long seconds, int outstanding, int slots, Consumer<BlockingLink> flush)
            throws Exception {
        try (var pair = LinkPair.in(Files.createTempDirectory("load"))) {
            var manager = BlockingLink.over(pair.peer());
            var ended = new AtomicLong();
            var window = new Semaphore(outstanding);
            start(() -> manager.run(FrameCodec::decode, new Receiving(_ -> {
                ended.setRelease(ended.getPlain() + 1);
                window.release();
            })));
            var inbox = new LinkedBlockingQueue<Frame>();
            start(() -> pair.link().run(FrameCodec::decode, new Receiving(inbox::add)));
            for (int slot = 0; slot < slots; slot++) {
                start(() -> serve(inbox, pair.link(), flush));
            }
            long until = CLOCK.nanoTime() + seconds * 1_000_000_000L;
            for (long lease = 0; CLOCK.nanoTime() < until; ) {
                window.acquire();
                for (int batch = 1 + window.drainPermits(); batch > 0; batch--) {
                    manager.send(new Lease(++lease, WorkKind.TASK, lease, 1, 0, Frame.LeaseTerms.NONE, PAYLOAD));
                }
                manager.flush();
            }
            System.out.printf(
                    "%4d outstanding, %d slots, %-9s  %,10d a second, each way%n",
                    outstanding, slots, name, ended.get() / seconds);
        }
    }

    private static void serve(BlockingQueue<Frame> inbox, BlockingLink link, Consumer<BlockingLink> flush) {
        try {
            while (true) {
                var lease = (Lease) inbox.take();
                link.send(new Settled(lease.lease(), Outcome.DONE, 1, Retry.byOptions(), lease.payload()));
                flush.accept(link);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void start(Runnable action) {
        Thread.ofPlatform().daemon().start(action);
    }

    private record Receiving(Consumer<Frame> onFrame) implements LinkEvents<Frame> {
        @Override
        public void opened(Link link) {}

        @Override
        public void received(Link link, Frame frame) {
            onFrame.accept(frame);
        }

        @Override
        public void receivedAll(Link link) {}

        @Override
        public void closed(Link link, String reason) {}
    }
}
