package dev.shunt.engine.manager;

import dev.shunt.data.Codec;
import dev.shunt.files.PrivateFile;
import dev.shunt.log.Log;
import dev.shunt.plan.ControlSettings;
import dev.shunt.process.ChosenDirectory;
import dev.shunt.process.ProgramIdentity;
import dev.shunt.process.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * Where a program can be found by others: the directory with its lock, its socket {@code control} and its manifest. That is
 * the run directory, or the one that the program was told to have, in which the run directory is then.
 */
final class ProgramFiles implements AutoCloseable {

    private static final Logger LOG = Log.of(ProgramFiles.class);

    private final Optional<ChosenDirectory> chosen;
    private final RunDirectory run;
    private final ProgramIdentity identity;
    private final String name;

    private ProgramFiles(Optional<ChosenDirectory> chosen, RunDirectory run, ControlSettings settings) {
        this.chosen = chosen;
        this.run = run;
        this.identity = ProgramIdentity.ofThisProcess();
        this.name = settings.programName().orElse(identity.name());
    }

    /** @throws IllegalStateException if another program has the directory */
    static ProgramFiles open(ControlSettings settings) {
        if (settings.runDirectory().isEmpty()) {
            return new ProgramFiles(Optional.empty(), RunDirectory.create(), settings);
        }
        var chosen = ChosenDirectory.take(settings.runDirectory().get());
        try {
            return new ProgramFiles(Optional.of(chosen), RunDirectory.create(chosen.path()), settings);
        } catch (RuntimeException | Error e) {
            giveUp(chosen);
            throw e;
        }
    }

    RunDirectory run() {
        return run;
    }

    ProgramIdentity identity() {
        return identity;
    }

    String name() {
        return name;
    }

    /** Where others look. */
    Path directory() {
        return chosen.map(ChosenDirectory::path).orElse(run.path());
    }

    Path control() {
        return chosen.map(ChosenDirectory::control).orElse(run.control());
    }

    private Path manifest() {
        return chosen.map(ChosenDirectory::manifest).orElse(run.manifest());
    }

    /** For whoever looks: written beside, and moved into its place whole. */
    void write(String state, List<String> listeners, Optional<String> console) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("program", name);
        fields.put("pid", identity.pid());
        fields.put("started", identity.started().toString());
        fields.put("main", identity.main());
        fields.put("args", identity.args());
        fields.put("cwd", identity.workingDirectory());
        if (identity.version() != null) {
            fields.put("version", identity.version());
        }
        fields.put("state", state);
        fields.put("listeners", listeners);
        console.ifPresent(url -> fields.put("console", url));
        var fresh = manifest().resolveSibling("manager.json-fresh");
        try {
            Files.deleteIfExists(fresh);
            PrivateFile.write(fresh, Codec.readableJson().encode(fields));
            PrivateFile.keepFromCleaners(fresh);
            Files.move(fresh, manifest(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(manifest().resolveSibling("."))) {
                LOG.debug("{} is not written: the program has ended, or did not start", manifest());
                return;
            }
            LOG.warn("{} cannot be written, so others may not find this program: {}", manifest(), e.toString());
        }
    }

    @Override
    public void close() {
        run.close();
        chosen.ifPresent(ProgramFiles::giveUp);
    }

    private static void giveUp(ChosenDirectory directory) {
        try {
            directory.close();
        } catch (IOException e) {
            LOG.warn("{} cannot be given up: {}", directory.path(), e.toString());
        }
    }
}
