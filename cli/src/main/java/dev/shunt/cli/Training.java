package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.remote.Json;
import dev.shunt.remote.Reports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the launcher makes the AOT cache of {@code ctl} with: most of what a command does, without a program. */
final class Training {

    private static final String STATUS = """
            {"program": "training", "pid": 1, "since": "2026-11-28T15:57:30.123Z", "seconds": 93.2, "state": "running",
             "listeners": ["tcp://127.0.0.1:9501"],
             "groups": [{"name": "task", "kind": "tasks", "placement": "children", "slots": 4, "busy": 1, "queued": 12,
                         "delayed": 0, "oldest_seconds": 3.1, "paused": false, "draining": false}],
             "running": [{"id": 16777216, "type": "mail", "group": "task", "slot": 2, "pid": 4720, "seconds": 2.5,
                          "attempt": 1, "since": "2026-11-28T15:59:00.823Z", "progress": {"percent": 40}}],
             "children": [{"pid": 4720, "group": "task", "place": 0, "rss_bytes": 71000000}],
             "totals": {"submitted": 100}}
            """;

    private Training() {}

    static void main() throws IOException {
        System.out.print(Reports.status(new Json(STATUS.getBytes(UTF_8)), 80));
        var nothing = Files.createTempDirectory("shunt-ctl-").toString();
        for (var command : new String[] {"ps", "status", "dead", "stop"}) {
            Ctl.execute(command, "--run-dir", nothing);
        }
        Ctl.execute("rerun", "--run-dir", nothing);
        Ctl.execute("--help");
        Files.delete(Path.of(nothing));
    }
}
