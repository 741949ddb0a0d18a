package dev.shunt.engine.manager;

/**
 * Where parts say that something of theirs is over. Only a stop wants to know, which may have waited for it. Lives on
 * the main loop.
 */
final class WorkEnded implements Runnable {

    private Runnable listener = () -> {};

    void tell(Runnable next) {
        listener = next;
    }

    @Override
    public void run() {
        listener.run();
    }
}
