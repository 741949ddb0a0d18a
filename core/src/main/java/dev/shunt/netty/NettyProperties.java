package dev.shunt.netty;

/** What Netty has to be told before the first of its classes reads it; so each of ours that may be first sets it. */
final class NettyProperties {

    private static final String FLIGHT_RECORDER = "io.netty.jfr.enabled";

    private NettyProperties() {}

    /**
     * To offer events about its buffers Netty sets up the flight recorder, for a tenth of a manager's start, 5 MB, and 150
     * classes while the first message is read.
     */
    static void set() {
        if (System.getProperty(FLIGHT_RECORDER) == null) {
            System.setProperty(FLIGHT_RECORDER, "false");
        }
    }
}
