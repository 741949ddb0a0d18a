package dev.shunt.benchmarks.program;

/** What every contender's program takes and says: {@code PORT [SLOTS]}, and one line when it accepts. */
public record Listening(int port, int slots) {

    public static final String HOST = "127.0.0.1";

    /** As many event loops as Shunt has by default, for all contenders that have any. */
    public static final int LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);

    public static Listening of(String... arguments) {
        return new Listening(Integer.parseInt(arguments[0]), arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1);
    }

    public static void say(int port) {
        IO.println("listening on " + HOST + ":" + port);
    }
}
