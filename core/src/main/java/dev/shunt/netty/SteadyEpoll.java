package dev.shunt.netty;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll with one repair. Since netty/netty#16689 (seen in 4.2.18, still so in 4.2.20) a socket that asks for no
 * event is taken out of epoll, lest the kernel report its end for ever; but asking for an event again then fails with
 * ENOENT. That hits each connection that is paused when its peer closes: resuming it would lose what the peer had sent.
 * Here such a socket is registered anew.
 */
final class SteadyEpoll implements IoHandlerFactory {

    private final IoHandlerFactory epoll = EpollIoHandler.newFactory();

    @Override
    public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new Handler(epoll.newHandler(executor));
    }

    private static final class Handler extends ForwardingIoHandler {

        Handler(IoHandler epoll) {
            super(epoll);
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return new Registration(handler, handle);
        }
    }

    /** The loop's thread only, as Netty uses it. */
    private static final class Registration implements IoRegistration {

        private final IoHandler epoll;
        private final IoHandle handle;
        private IoRegistration current;
        private boolean takenOut;

        Registration(IoHandler epoll, IoHandle handle) throws Exception {
            this.epoll = epoll;
            this.handle = handle;
            current = epoll.register(handle);
        }

        @Override
        public long submit(IoOps ops) {
            boolean nothing = ops instanceof EpollIoOps epollOps && epollOps.value() == 0; // NONE, which 4.2.9 has not
            if (takenOut && nothing) {
                return 0;
            }
            if (takenOut) {
                registerAnew();
            }
            takenOut = nothing;
            return current.submit(ops);
        }

        private void registerAnew() {
            current.cancel();
            try {
                current = epoll.register(handle);
            } catch (Exception e) {
                throw new IllegalStateException("cannot register with epoll again", e);
            }
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's
        public <T> T attachment() {
            return current.attachment();
        }

        @Override
        public boolean isValid() {
            return current.isValid();
        }

        @Override
        public boolean cancel() {
            return current.cancel();
        }
    }
}
