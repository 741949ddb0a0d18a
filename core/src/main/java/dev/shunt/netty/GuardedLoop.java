package dev.shunt.netty;

import dev.shunt.fatal.FatalErrors;
import dev.shunt.log.Log;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * An event loop whose tasks may not fail for want of memory: Netty would log that and go on, with half of what was to be
 * done undone. Costs no object per task.
 */
final class GuardedLoop extends SingleThreadIoEventLoop {

    private static final Logger LOG = Log.of(GuardedLoop.class);

    private final FatalErrors fatal;
    private final Queue<Runnable> endOfTurn = new ArrayDeque<>();
    private long turn;

    GuardedLoop(ThreadFactory thread, IoHandlerFactory io, FatalErrors fatal) {
        super(null, thread, io);
        this.fatal = fatal;
    }

    /** How often sockets have been looked after; its thread only. */
    long turn() {
        return turn;
    }

    void atEndOfTurn(Runnable command) {
        endOfTurn.add(command);
    }

    @Override
    protected int runIo() {
        for (Runnable next = endOfTurn.poll(); next != null; next = endOfTurn.poll()) {
            next.run();
        }
        turn++;
        return super.runIo();
    }

    FatalErrors fatal() {
        return fatal;
    }

    /** What a handler of a channel threw. */
    static void endIfFatal(ChannelHandlerContext context, Throwable error) {
        if (context.executor() instanceof GuardedLoop loop) {
            loop.fatal.endIfFatal(error);
        }
    }

    /** Called while this is made: its queue asks for {@link #fatal} later. */
    @Override
    protected Queue<Runnable> newTaskQueue(int maxPendingTasks) {
        return new Tasks(super.newTaskQueue(maxPendingTasks));
    }

    /** Gives out each task in one guard, which has done with it before it is asked for the next. */
    private final class Tasks extends AbstractQueue<Runnable> {

        private final Queue<Runnable> tasks;
        private final Guard guard = new Guard();

        Tasks(Queue<Runnable> tasks) {
            this.tasks = tasks;
        }

        @Override
        public @Nullable Runnable poll() {
            Runnable task = tasks.poll();
            return task == null ? null : guard.of(task);
        }

        @Override
        public @Nullable Runnable peek() {
            return tasks.peek();
        }

        @Override
        public boolean offer(Runnable task) {
            return tasks.offer(task);
        }

        @Override
        public boolean remove(@Nullable Object task) {
            return tasks.remove(task);
        }

        @Override
        public boolean isEmpty() {
            return tasks.isEmpty();
        }

        @Override
        public int size() {
            return tasks.size();
        }

        @Override
        public Iterator<Runnable> iterator() {
            return tasks.iterator();
        }
    }

    private final class Guard implements Runnable {

        private @Nullable Runnable task;

        Guard of(Runnable next) {
            task = next;
            return this;
        }

        @Override
        public void run() {
            Runnable now = task;
            task = null;
            try {
                if (now != null) {
                    now.run();
                }
            } catch (Throwable e) { // the loop's other work goes on
                fatal.endIfFatal(e);
                LOG.error(
                        "event loop {} could not do what it was to do",
                        Thread.currentThread().getName(),
                        e);
            }
        }
    }
}
