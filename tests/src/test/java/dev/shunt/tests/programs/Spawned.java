package dev.shunt.tests.programs;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

/** What a handler starts. Each process says {@code spawned KIND PID}; the kind is what {@code $0} stands for. */
final class Spawned {

    /** A shell that goes on as {@code sleep}, with a child that does not have its environment. */
    private static final String PAIR = "env -i sleep 1000 >/dev/null 2>&1 & echo spawned $0 $!; echo spawned $0 $$;"
            + " exec sleep 1000 >/dev/null 2>&1";

    /** Its parent has ended, and it is nobody's child any more. */
    private static final String ORPHAN = "sh -c 'echo spawned $0 $$; exec sleep 1000 >/dev/null 2>&1' $0 &";

    private Spawned() {}

    static void processes(String kind) throws IOException {
        var builder = new ProcessBuilder("sh", "-c", kind.equals("orphan") ? ORPHAN : PAIR, kind)
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT);
        if (kind.equals("unmarked")) {
            builder.environment().remove("SHUNT_SUBPROCESS_OF");
        }
        builder.start();
    }
}
