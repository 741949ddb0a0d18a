package dev.shunt.tests.programs;

import com.sun.net.httpserver.HttpServer;
import dev.shunt.server.Server;
import dev.shunt.worker.Worker;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** A program that has more in it than Shunt: a server of the JDK, shutdown hooks, signal handlers of its own. */
public final class Host {

    /** What it runs of Shunt, of either face. */
    private interface Hosted {
        void start();

        void stop();
    }

    private final Options options;
    private final CountDownLatch ended;

    private Host(Options options) {
        this.options = options;
        this.ended = new CountDownLatch(options.number("servers", 1));
    }

    static void main(String[] args) throws Exception {
        new Host(Options.of(args)).run();
    }

    private void run() throws Exception {
        var hosted = hosted();
        if (options.flag("http")) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            HttpServer.create(address, 0).start(); // on a thread that is no daemon
        }
        if (options.flag("handler")) {
            handleTerm();
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> atShutdown(hosted)));
        var rest = hosted.subList(1, hosted.size());
        rest.forEach(each -> Thread.ofPlatform().daemon().start(() -> start(each)));
        switch (options.text("start", "main")) {
            case "main" -> start(hosted.getFirst());
            case "thread" -> Thread.ofPlatform().start(() -> start(hosted.getFirst()));
            case "pool" -> Executors.newFixedThreadPool(1).execute(() -> start(hosted.getFirst()));
            case "virtual" -> {
                Thread.ofVirtual().start(() -> start(hosted.getFirst()));
                new CountDownLatch(1).await();
            }
            default -> throw new IllegalArgumentException(options.toString());
        }
    }

    private void start(Hosted server) {
        server.start();
        IO.println("start returned");
        ended.countDown();
    }

    private void atShutdown(List<Hosted> hosted) {
        IO.println("hook begins");
        if (options.flag("hook-stops")) {
            hosted.forEach(Hosted::stop);
            try {
                ended.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        IO.println("hook ends");
    }

    private List<Hosted> hosted() {
        return options.text("face", "server").equals("worker")
                ? List.of(worker())
                : IntStream.range(0, options.number("servers", 1))
                        .mapToObj(this::server)
                        .toList();
    }

    private Hosted server(int number) {
        var server = new Server("127.0.0.1", 0);
        server.set(settings -> settings.handleSignals(!options.flag("own-signals")));
        server.onStart(() -> {
            IO.println("listening on " + server.endpoint().hostAndPort());
            if (number == 0 && options.flag("stop-first")) {
                server.shutdown();
            }
        });
        server.onShutdown(() -> shutDown(number));
        server.onReceive((connection, data) -> connection.send(data));
        return new Hosted() {
            @Override
            public void start() {
                server.start();
            }

            @Override
            public void stop() {
                server.shutdown();
            }
        };
    }

    private void shutDown(int number) {
        IO.println("shut down " + number);
        while (options.flag("stop-hangs")) {
            LockSupport.park();
        }
    }

    private Hosted worker() {
        Worker.handleSignals(!options.flag("own-signals"));
        Worker.inProcess(true);
        var worker = new Worker("text://127.0.0.1:0");
        worker.onMessage((connection, data) -> connection.send(data));
        worker.onWorkerStop(_ -> IO.println("shut down 0"));
        return new Hosted() {
            @Override
            public void start() {
                Worker.runAll();
            }

            @Override
            public void stop() {
                Worker.stopAll();
            }
        };
    }

    /** By reflection: javac warns of these names, and cannot be kept from it. */
    private static void handleTerm() throws ReflectiveOperationException {
        var signal = Class.forName("sun.misc.Signal");
        var handler = Class.forName("sun.misc.SignalHandler");
        InvocationHandler says = (_, _, arguments) -> {
            IO.println("the host's handler: " + arguments[0]);
            return null;
        };
        signal.getMethod("handle", signal, handler)
                .invoke(
                        null,
                        signal.getConstructor(String.class).newInstance("TERM"),
                        Proxy.newProxyInstance(Host.class.getClassLoader(), new Class<?>[] {handler}, says));
    }
}
