package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A listener whose process has no file descriptor left, in a process of its own. */
@Tag("processes")
class DescriptorsTest {

    private static final int DESCRIPTORS = 150;

    @Test
    void listener_withoutDescriptors_restsAndServesLater() throws Exception {
        var server = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -n " + DESCRIPTORS + "; exec \"$@\"",
                        "bash",
                        System.getProperty("java.home") + "/bin/java",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FewDescriptors.class.getName())
                .redirectErrorStream(true)
                .start();
        var lines = new LinkedBlockingQueue<String>();
        Thread.ofPlatform()
                .daemon()
                .start(() -> server.inputReader(UTF_8).lines().forEach(lines::add));
        try {
            int port = Integer.parseInt(next(lines, "port ").substring("port ".length()));
            // Loading a class needs a descriptor too, so all that will be needed is loaded first.
            try (var first = new RawClient(port)) {
                assertThat(first.send("hello\n").readLine()).isEqualTo("hello");
                assertThat(first.endOutput().readToEnd()).isEmpty();
            }
            int before = descriptors(server);
            var clients = new ArrayList<RawClient>();
            for (int i = 0; i < DESCRIPTORS + 50; i++) {
                clients.add(new RawClient(port));
            }
            assertThat(next(lines, "closed at once: "))
                    .contains("of 150 file descriptors", "kept for the program itself");
            assertThat(clients.getFirst().send("hello\n").readLine())
                    .as("a connection of before")
                    .isEqualTo("hello");
            assertThat(clients.getLast().readToEnd()).as("one too many").isEmpty();
            clients.forEach(RawClient::close);
            await("the server has closed them").until(() -> descriptors(server) <= before);

            // What is kept may be used up by the program itself, and then nothing can be accepted.
            server.getOutputStream().write('x');
            server.getOutputStream().flush();
            next(lines, "none left");
            var waiting = new RawClient(port).send("hello\n");
            assertThat(next(lines, "cannot accept: ")).contains("Too many open files", "trying again in 1000 ms");
            server.getOutputStream().write('y');
            server.getOutputStream().flush();
            assertThat(waiting.readLine()).as("one that had to wait").isEqualTo("hello");
            waiting.close();
            server.getOutputStream().close();
            assertThat(server.waitFor()).isZero();
            assertThat(lines.stream().filter(line -> line.contains("cannot accept")))
                    .hasSizeLessThan(10);
        } finally {
            server.destroyForcibly();
        }
    }

    private static int descriptors(Process process) {
        return Objects.requireNonNull(new File("/proc/" + process.pid() + "/fd").list()).length;
    }

    private static String next(BlockingQueue<String> lines, String part) throws InterruptedException {
        while (true) {
            String line = lines.poll(60, TimeUnit.SECONDS);
            assertThat(line).as("a line with '%s'", part).isNotNull();
            if (line.contains(part)) {
                return line;
            }
        }
    }
}
