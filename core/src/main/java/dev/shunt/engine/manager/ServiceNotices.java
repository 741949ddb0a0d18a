package dev.shunt.engine.manager;

import dev.shunt.netty.Network;
import dev.shunt.process.ServiceManager;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells a service manager how the program is: ready once it accepts, reloading until no child is left to be replaced,
 * stopping; and that the main loop turns, twice in each interval of the watchdog. Lives on the main loop. Source:
 * sd_notify(3).
 */
final class ServiceNotices {

    private enum Phase {
        STARTING,
        READY,
        RELOADING,
        STOPPING
    }

    private final Consumer<String> say;
    private final Optional<Duration> watchdog;
    private final Loop main;
    private final Clock clock;
    private Phase phase = Phase.STARTING;

    /**
     * @param say sends one datagram
     * @param watchdog how often it is to be said at least that the main loop turns
     */
    ServiceNotices(Consumer<String> say, Optional<Duration> watchdog, Loop main, Clock clock) {
        this.say = say;
        this.watchdog = watchdog;
        this.main = main;
        this.clock = clock;
    }

    /** To be called once the program accepts, not on a loop; nobody is told if nobody asked, or if signals are the host's. */
    static void begin(ManagerParts parts, Network network, Shutdown shutdown) {
        if (!parts.plan().settings().processes().handleSignals()) {
            return;
        }
        ServiceManager.ofThisProcess()
                .ifPresent(manager -> network.notifySocket(manager.address()).ifPresent(socket -> {
                    var main = parts.ports().main();
                    var notices = new ServiceNotices(
                            socket::say, manager.watchdog(), main, parts.ports().clock());
                    main.execute(() -> notices.hear(parts.children(), shutdown));
                }));
    }

    private void hear(ProgramChildren children, Shutdown shutdown) {
        children.whenReloading(this::reloading, this::reloaded);
        shutdown.whenBegun(this::stopping);
        if (!shutdown.hasBegun()) {
            ready();
        }
    }

    /** It accepts. */
    void ready() {
        if (phase == Phase.STARTING) {
            phase = Phase.READY;
            say.accept("READY=1");
            watchdog.ifPresent(interval -> alive(interval.dividedBy(2)));
        }
    }

    private void alive(Duration every) {
        say.accept("WATCHDOG=1");
        var _ = main.schedule(() -> alive(every), every);
    }

    void reloading() {
        if (phase == Phase.READY) {
            phase = Phase.RELOADING;
            long micros = TimeUnit.NANOSECONDS.toMicros(clock.nanoTime());
            say.accept("RELOADING=1\nMONOTONIC_USEC=" + micros);
        }
    }

    void reloaded() {
        if (phase == Phase.RELOADING) {
            phase = Phase.READY;
            say.accept("READY=1");
        }
    }

    void stopping() {
        if (phase != Phase.STOPPING) {
            phase = Phase.STOPPING;
            say.accept("STOPPING=1");
        }
    }
}
