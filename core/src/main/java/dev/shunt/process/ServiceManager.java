package dev.shunt.process;

import dev.shunt.log.Log;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Who has started this process as a service and wants to hear how it is: systemd, with {@code Type=notify}, or whoever
 * speaks its protocol. Source: sd_notify(3), sd_watchdog_enabled(3).
 *
 * @param address of the datagram socket: a file, or an abstract name, which begins with {@code @}
 * @param watchdog how often it wants to hear at least that the program is alive
 */
public record ServiceManager(String address, Optional<Duration> watchdog) {

    private static final Logger LOG = Log.of(ServiceManager.class);
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String INTERVAL = "WATCHDOG_USEC";
    private static final String WATCHED = "WATCHDOG_PID";
    private static final List<String> VARIABLES = List.of(SOCKET, INTERVAL, WATCHED);

    public static Optional<ServiceManager> ofThisProcess() {
        return of(System.getenv(), ProcessHandle.current().pid());
    }

    static Optional<ServiceManager> of(Map<String, String> environment, long pid) {
        String address = environment.getOrDefault(SOCKET, "");
        if (address.isEmpty()) {
            return Optional.empty();
        }
        if (address.length() == 1 || (address.charAt(0) != '/' && address.charAt(0) != '@')) {
            LOG.warn(
                    "{}={} is neither a path nor an abstract name (@...): nobody is told how the program is",
                    SOCKET,
                    address);
            return Optional.empty();
        }
        return Optional.of(new ServiceManager(address, watchdog(environment, pid)));
    }

    private static Optional<Duration> watchdog(Map<String, String> environment, long pid) {
        String interval = environment.get(INTERVAL);
        String watched = environment.getOrDefault(WATCHED, String.valueOf(pid));
        if (interval == null || !watched.equals(String.valueOf(pid))) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.of(Long.parseLong(interval), ChronoUnit.MICROS))
                    .filter(Duration::isPositive);
        } catch (NumberFormatException | ArithmeticException e) {
            LOG.warn(
                    "{}={} is no number of microseconds: nobody watches whether the program is alive",
                    INTERVAL,
                    interval);
            return Optional.empty();
        }
    }

    /** Children are not the service. */
    static void tidy(Map<String, String> environment) {
        environment.keySet().removeAll(VARIABLES);
    }
}
