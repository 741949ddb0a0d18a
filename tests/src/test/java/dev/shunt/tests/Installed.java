package dev.shunt.tests;

import static org.awaitility.Awaitility.await;

import dev.shunt.testing.Launch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server of somebody else that runs beside a program under test, until it is closed. */
final class Installed implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    private final Process process;
    private final Path output;

    private Installed(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Where a program is; Debian's package of that name has it. */
    static Path program(String name) {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)),
                        Stream.of("/usr/sbin", "/usr/bin"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + name + "; install it: apt install " + name));
    }

    /**
     * An nginx of one process.
     *
     * @param directory for all that it writes
     * @param servers what stands in its block {@code http}
     * @param port one of those on which it listens then
     */
    static Installed nginx(Path directory, String servers, int port) throws IOException {
        var config = Files.writeString(directory.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid %1$s/nginx.pid;
                error_log stderr info;
                events { worker_connections 256; }
                http {
                    access_log off;
                    client_body_temp_path %1$s/bodies;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    %2$s
                }
                """.formatted(directory, servers));
        return start(directory, port, program("nginx").toString(), "-p", directory + "/", "-c", config.toString());
    }

    /** @param proxies its sections but {@code global} */
    static Installed haproxy(Path directory, String proxies, int port) throws IOException {
        var config = Files.writeString(directory.resolve("haproxy.cfg"), proxies);
        return start(directory, port, program("haproxy").toString(), "-db", "-f", config.toString());
    }

    private static Installed start(Path directory, int port, String... command) throws IOException {
        var output = directory.resolve("output.txt");
        var builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put(Launch.CACHE, directory.toString());
        var process = builder.start();
        var installed = new Installed(process, output);
        try {
            await().until(() -> !process.isAlive() || !Ports.refuses(port));
            if (!process.isAlive()) {
                throw new AssertionError(command[0] + " has ended: " + Files.readString(output));
            }
        } catch (Throwable e) {
            installed.close();
            throw e;
        }
        return installed;
    }

    /** What it has printed. */
    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
