package dev.shunt.benchmarks.load;

import dev.shunt.benchmarks.load.Contender.Ours;
import dev.shunt.benchmarks.load.Contender.Theirs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A contender's server that accepts. {@link #close} ends its processes. */
final class Started implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern LISTENING = Pattern.compile(".*listening on \\S*:(\\d+)\\s*");
    private static final Duration RETRY = Duration.ofMillis(1);

    private final List<Program> programs = new ArrayList<>();
    private Path directory = Path.of("");
    private boolean theirs;
    private int port;
    private long launchedAt;
    private long startNanos;

    private Started() {}

    static Started start(Contender contender, String scenario, Processes processes)
            throws IOException, InterruptedException {
        var started = new Started();
        try {
            switch (contender) {
                case Ours ours -> started.start(ours, processes);
                case Theirs theirs -> started.start(theirs, scenario, processes);
            }
            return started;
        } catch (IOException | InterruptedException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private void start(Ours ours, Processes processes) throws IOException, InterruptedException {
        for (var part : ours.parts()) {
            if (part.needsDirectory()) {
                directory = processes.directory();
            }
            var options = new ArrayList<>(processes.jvmOptions());
            if (ours.aotCache()) {
                options.addAll(processes.aotCaches().options(ours.classPath(), part));
            }
            run(ours.name(), part.command(ours.classPath(), options, 0, port, directory), processes);
            port = announced();
        }
    }

    private void start(Theirs other, String scenario, Processes processes) throws IOException, InterruptedException {
        theirs = true;
        boolean given = other.command().contains(Theirs.PORT);
        port = given ? freePort() : 0;
        String command =
                other.command().replace(Theirs.PORT, Integer.toString(port)).replace(Theirs.SCENARIO, scenario);
        run(other.name(), List.of("sh", "-c", command), processes);
        if (given) {
            awaitAccepting();
        } else {
            port = announced();
        }
    }

    private void run(String name, List<String> command, Processes processes) throws IOException {
        launchedAt = System.nanoTime();
        programs.add(Program.start(processes, name, command));
    }

    /** Where the last program says that it listens; by then it accepts, which is tried. */
    private int announced() throws IOException, InterruptedException {
        int announced = announcedBy(programs.getLast());
        new Socket(InetAddress.getLoopbackAddress(), announced).close();
        startNanos = System.nanoTime() - launchedAt;
        return announced;
    }

    static int announcedBy(Program program) throws IOException, InterruptedException {
        String line =
                program.awaitLine(text -> LISTENING.matcher(text).matches(), "'listening on HOST:PORT'", PATIENCE);
        return Integer.parseInt(LISTENING.matcher(line).replaceFirst("$1"));
    }

    private void awaitAccepting() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                startNanos = System.nanoTime() - launchedAt;
                return;
            } catch (ConnectException e) {
                var program = programs.getLast();
                if (program.endsWithin(RETRY)) {
                    throw new IOException(program.explained("ended without listening on port " + port), e);
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException(
                            program.explained(
                                    "did not listen on port " + port + " within " + PATIENCE.toSeconds() + " s"),
                            e);
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** Waits for so long, unless one of its programs ends before: that is an error. */
    void rest(Duration duration) throws IOException, InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        for (var program : programs) {
            if (program.endsWithin(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                throw new IOException(program.explained("ended while it rested"));
            }
        }
    }

    /** Whether it is a server from outside. */
    boolean isTheirs() {
        return theirs;
    }

    /** From the start of its process until it accepted. */
    long startNanos() {
        return startNanos;
    }

    List<ProcessHandle> processes() {
        return programs.stream().flatMap(program -> program.family().stream()).toList();
    }

    /** Processor time that all its processes have used so far, as far as they still run. */
    long cpuNanos() {
        return processes().stream()
                .mapToLong(process ->
                        process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L))
                .sum();
    }

    /**
     * Sends one command to the program, which measures itself, and reads what it prints: {@code measured name=number
     * …}.
     */
    Map<String, Long> measured(String command, Duration atMost) throws IOException, InterruptedException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((command + "\n").getBytes(StandardCharsets.US_ASCII));
            String line = programs.getLast().awaitLine(text -> text.startsWith("measured "), "'measured …'", atMost);
            var values = new HashMap<String, Long>();
            for (String word : line.substring("measured ".length()).split(" ", -1)) {
                String[] pair = word.split("=", 2);
                values.put(pair[0], Long.parseLong(pair[1]));
            }
            return values;
        }
    }

    /** A client that reads and writes lines, and waits. */
    LineClient lineClient() throws IOException {
        return new LineClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** One connection, for one thread. */
    record LineClient(Socket socket, BufferedReader reader) implements AutoCloseable {

        LineClient(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            this(socket, new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)));
        }

        void send(String lines) throws IOException {
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
        }

        String receive() throws IOException {
            String line = reader.readLine();
            if (line == null) {
                throw new IOException("the server has hung up");
            }
            return line;
        }

        String ask(String line) throws IOException {
            send(line + "\n");
            return receive();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Override
    public void close() {
        programs.reversed().forEach(Program::close);
        Processes.delete(directory);
    }
}
