package dev.shunt.ipc;

import dev.shunt.data.Data;
import dev.shunt.ipc.Frame.Job;
import dev.shunt.ipc.Frame.Lease;
import dev.shunt.ipc.Frame.Outcome;
import dev.shunt.ipc.Frame.Settled;
import dev.shunt.time.Clock;
import java.nio.file.Files;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A program, not a test: leases one way, their ends the other, over one pair of links in one JVM. Prints frames per second
 * in each direction, pipelined and one at a time. Argument: seconds per figure.
 */
final class BlockingLinkLoad {

    private static final Clock CLOCK = Clock.system();

    private BlockingLinkLoad() {}

    public static void main(String[] args) throws Exception {
        long seconds = args.length > 0 ? Long.parseLong(args[0]) : 3;
        for (int round = 0; round < 3; round++) {
            pipelined(seconds, 1, true);
            pipelined(seconds, 4, true);
            pipelined(seconds, 4, false);
            oneByOne(seconds);
        }
    }

    private static void pipelined(long seconds, int slots, boolean soon) throws Exception {
        try (var pair = LinkPair.in(Files.createTempDirectory("load"))) {
            var manager = BlockingLink.over(pair.peer());
            var child = pair.link();
            var ended = new AtomicLong();
            var window = new Semaphore(4096);
            Thread.ofPlatform().daemon().start(() -> manager.run(new Counting(ended, window)));
            var inbox = new java.util.concurrent.LinkedBlockingQueue<Lease>();
            Thread.ofPlatform().daemon().start(() -> child.run(new Queueing(inbox)));
            for (int slot = 0; slot < slots; slot++) {
                Thread.ofPlatform().daemon().start(() -> serve(child, inbox, soon));
            }
            var parcel = Parcel.inline(Data.of("a small payload!"));
            long until = CLOCK.nanoTime() + seconds * 1_000_000_000L;
            for (long lease = 1; CLOCK.nanoTime() < until; ) {
                window.acquire();
                int batch = 1 + window.drainPermits();
                for (int i = 0; i < batch; i++) {
                    manager.send(new Lease(lease++, Job.TASK, lease, 1, 0, parcel));
                }
                manager.flush();
            }
            System.out.printf(
                    "%d slots, %-9s %,12d frames/s each way%n",
                    slots, soon ? "flushSoon" : "flush", ended.get() / seconds);
        }
    }

    private static void serve(BlockingLink child, java.util.concurrent.BlockingQueue<Lease> inbox, boolean soon) {
        try {
            while (true) {
                var lease = inbox.take();
                child.send(new Settled(lease.lease(), Outcome.DONE, 1, lease.parcel()));
                if (soon) {
                    child.flushSoon();
                } else {
                    child.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void oneByOne(long seconds) throws Exception {
        for (var echo : new boolean[] {true, false}) {
            try (var pair = LinkPair.in(Files.createTempDirectory("load"))) {
                var manager = BlockingLink.over(pair.peer());
                var child = pair.link();
                var ended = new AtomicLong();
                var window = new Semaphore(0);
                Thread.ofPlatform().daemon().start(() -> manager.run(new Counting(ended, window)));
                Thread.ofPlatform().daemon().start(() -> child.run(new Echoing(echo)));
                var parcel = Parcel.inline(Data.of("a small payload!"));
                long until = CLOCK.nanoTime() + seconds * 1_000_000_000L;
                for (long lease = 1; CLOCK.nanoTime() < until; lease++) {
                    manager.send(new Lease(lease, Job.TASK, lease, 1, 0, parcel));
                    manager.flush();
                    window.acquire();
                }
                System.out.printf(
                        "one by one, %s %,9.1f us round trip%n",
                        echo ? "flush    " : "flushSoon", seconds * 1e6 / ended.get());
            }
        }
        LockSupport.parkNanos(1);
    }

    private record Counting(AtomicLong ended, Semaphore window) implements LinkEvents {
        @Override
        public void opened(Link link) {}

        @Override
        public void received(Link link, Frame frame) {
            ended.setPlain(ended.getPlain() + 1);
            window.release();
        }

        @Override
        public void receivedAll(Link link) {}

        @Override
        public void closed(Link link, String reason) {}
    }

    private record Queueing(java.util.concurrent.BlockingQueue<Lease> inbox) implements LinkEvents {
        @Override
        public void opened(Link link) {}

        @Override
        public void received(Link link, Frame frame) {
            inbox.add((Lease) frame);
        }

        @Override
        public void receivedAll(Link link) {}

        @Override
        public void closed(Link link, String reason) {}
    }

    private record Echoing(boolean flush) implements LinkEvents {
        @Override
        public void opened(Link link) {}

        @Override
        public void received(Link link, Frame frame) {
            var lease = (Lease) frame;
            link.send(new Settled(lease.lease(), Outcome.DONE, 1, lease.parcel()));
        }

        @Override
        public void receivedAll(Link link) {
            if (flush) {
                link.flush();
            } else {
                ((BlockingLink) link).flushSoon();
            }
        }

        @Override
        public void closed(Link link, String reason) {}
    }
}
