package dev.shunt.netty;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/**
 * For {@link LoopEndTest}: would live for ever, but that the one loop of its sockets ends with an error of the kernel's side; or
 * {@code closed}, as it should, and then it says so.
 */
final class DyingLoop {

    private DyingLoop() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("closed")) {
            var network = Network.open("doomed", 1, MemoryBudget.of(1 << 20));
            network.loop(0).execute(() -> System.out.println("served"));
            network.close();
            System.out.println("closed");
            return;
        }
        var best = Transport.best();
        var transport = new Transport(
                () -> failing(best.ioHandlers().get()),
                best.socket(),
                best.serverSocket(),
                best.unixSocket(),
                best.unixServerSocket(),
                best.unixAddress(),
                best.packetSocket(),
                best.adoption());
        Network.open("doomed", 1, MemoryBudget.of(1 << 20), transport).loop(0).execute(() -> {});
        new CountDownLatch(1).await();
    }

    private static IoHandlerFactory failing(IoHandlerFactory good) {
        return executor -> {
            var handler = good.newHandler(executor);
            return (IoHandler) Proxy.newProxyInstance(
                    DyingLoop.class.getClassLoader(), new Class<?>[] {IoHandler.class}, (_, method, arguments) -> {
                        if (method.getName().equals("run")) {
                            throw new IllegalStateException("epoll has failed");
                        }
                        try {
                            return method.invoke(handler, arguments);
                        } catch (InvocationTargetException e) {
                            throw Objects.requireNonNull(e.getCause());
                        }
                    });
        };
    }
}
