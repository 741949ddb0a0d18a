package dev.shunt.netty;

import dev.shunt.time.BusyWait;
import dev.shunt.time.Clock;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;

/** Of one loop: looks for events for a moment before it sleeps, where that pays; see {@link BusyWait}. */
final class BusyHandler extends ForwardingIoHandler {

    private final BusyWait busy;

    private BusyHandler(IoHandler handler, BusyWait busy) {
        super(handler);
        this.busy = busy;
    }

    static IoHandlerFactory factory(IoHandlerFactory handlers) {
        return executor -> new BusyHandler(handlers.newHandler(executor), new BusyWait(Clock.system()));
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // where other threads want this core, they get it
    public int run(IoHandlerContext context) {
        if (!context.canBlock()) {
            return handler.run(context);
        }
        busy.begin();
        int handled = 0;
        var awake = new Awake(context);
        while (handled == 0 && busy.goesOn() && context.canBlock()) {
            Thread.yield();
            handled = handler.run(awake);
        }
        if (handled == 0) {
            handled = handler.run(context);
        }
        busy.end();
        return handled;
    }

    /** The same turn of the loop, but for that it must not sleep. */
    private record Awake(IoHandlerContext context) implements IoHandlerContext {

        @Override
        public boolean canBlock() {
            return false;
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return context.delayNanos(currentTimeNanos);
        }

        @Override
        public long deadlineNanos() {
            return context.deadlineNanos();
        }

        @Override
        public void reportActiveIoTime(long activeNanos) {
            context.reportActiveIoTime(activeNanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            return context.shouldReportActiveIoTime();
        }
    }
}
