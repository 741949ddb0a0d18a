package dev.shunt.tests.guide;

import dev.shunt.control.DeadFilter;
import dev.shunt.server.Server;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** What the guide's page on operating shows. */
final class Operated {

    private Operated() {}

    static void declare(Server server) {
        server.set(settings -> settings.runDirectory(Path.of("/run/mailer")).programName("mailer"));
    }

    static void look(Server server) {
        server.inspect().thenAccept(seen -> IO.println(seen.running()));
        server.control()
                .as("nightly job")
                .rerun(new DeadFilter(
                        Set.of(), Optional.of("mail"), Optional.empty(), Optional.empty(), Optional.empty()));
    }
}
