package dev.shunt.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One node of the demo: the example {@code durable-queue} in a process of its own, with its
 * children.
 */
final class FleetNode {

    /** The least there is: the demo is short. */
    static final int TTL_SECONDS = 10;

    private static final String LISTENING = "listening on ";

    private final String name;
    private final Process process;
    private final int port;
    private volatile String state = "runs";

    private FleetNode(String name, Process process, int port) {
        this.name = name;
        this.process = process;
        this.port = port;
    }

    /** Returns when it listens. */
    static FleetNode start(String name, String url, Path directory) throws IOException {
        var command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "DurableQueue",
                        "--port",
                        "0",
                        "--queue",
                        url,
                        "--node",
                        name,
                        "--ttl",
                        Integer.toString(TTL_SECONDS),
                        "--ledger",
                        directory.resolve("ledger-" + name).toString());
        var process =
                new ProcessBuilder(command)
                        .redirectError(directory.resolve(name + ".log").toFile())
                        .start();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(LISTENING)) {
                int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
                Thread.ofPlatform().daemon().start(() -> out.lines().forEach(_ -> {}));
                return new FleetNode(name, process, port);
            }
        }
        throw new IOException(
                name + " has not started: " + Files.readString(directory.resolve(name + ".log")));
    }

    String name() {
        return name;
    }

    String state() {
        return state;
    }

    Path ledger(Path directory) {
        return directory.resolve("ledger-" + name);
    }

    Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    boolean isKilled() {
        return state.equals("killed");
    }

    /** With its children. */
    void kill() {
        state = "killed";
        var all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    void stop() throws IOException {
        state = "stopped";
        signal("-STOP");
    }

    void goOn() throws IOException {
        signal("-CONT");
        state = "runs";
    }

    private void signal(String signal) throws IOException {
        for (var one : process.descendants().toList()) {
            new ProcessBuilder("kill", signal, Long.toString(one.pid())).start();
        }
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
    }

    /** In order, or by force if that takes long. */
    void end() {
        try {
            if (state.equals("stopped")) {
                goOn();
            }
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (IOException e) {
            kill();
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }
}
