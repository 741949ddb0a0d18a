package dev.shunt.server;

import dev.shunt.calls.FaceCallbacks;
import dev.shunt.calls.FaceHooks;
import dev.shunt.data.Data;

/** The callbacks a server was given, each doing nothing until it is set. */
final class ServerCallbacks extends FaceHooks {

    Runnable start = () -> {};
    Runnable managerStart = () -> {};
    Runnable shutdown = () -> {};
    WorkerCallback workerStart = _ -> {};
    WorkerCallback workerStop = _ -> {};

    /** Of the server's own address. */
    final AddressCallbacks connections = new AddressCallbacks();

    /** It has come to the point at which it ran. */
    volatile boolean ran;

    ServerCallbacks(FaceCallbacks shared) {
        super(shared);
    }

    @Override
    public void started() {
        ran = true;
        super.started();
        start.run();
        managerStart.run();
    }

    @Override
    public void stopped() {
        shutdown.run();
    }

    @Override
    public void childExited(ChildExit exit) {
        shared.childExited(exit);
    }

    @Override
    public void message(int source, Data message) throws Exception {
        shared.message(source, message);
    }
}
