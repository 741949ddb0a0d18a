package dev.shunt.process;

import dev.shunt.files.PrivateFile;
import dev.shunt.ipc.SlotTable;
import dev.shunt.log.Log;
import dev.shunt.time.Clock;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;

/** Starts processes. The only user of ProcessBuilder. */
final class ChildLauncher {

    private static final Logger LOG = Log.of(ChildLauncher.class);

    /** A child never reads the terminal; what it prints goes where the manager's output goes. */
    private static final File NOTHING = new File("/dev/null");

    private final RunDirectory directory;
    private final LaunchCommand command;
    /** Empty if what children start is none of our business. */
    private final Optional<Subprocesses> subprocesses;

    private final PayloadMemory payloads;
    /** Of a child whose group does not say, in bytes. */
    private final long maxHeap;

    private final AotCaches aotCaches;

    ChildLauncher(ChildProgram program, RunDirectory directory, Clock clock, AotCaches aotCaches) {
        int places = program.places().size();
        this.directory = directory;
        this.command = program.command();
        this.subprocesses =
                program.endSubprocesses() ? Optional.of(new Subprocesses(directory.path(), clock)) : Optional.empty();
        this.payloads = PayloadMemory.of(program.payloadMemory(), places);
        this.maxHeap = ChildHeap.bytes(places, payloads.bytes());
        this.aotCaches = aotCaches;
    }

    /** A started process and its slot table; if the process cannot be started, for whatever reason, nothing is left. */
    Child launch(ChildPlace place, long serial) throws IOException {
        var watch = ExitWatch.start("shunt-child-" + serial);
        var opened = new ArrayDeque<Runnable>();
        try {
            var table = slotTable(place, serial);
            opened.add(table::close);
            var arena = payloads.create(directory.files().arena(serial));
            arena.ifPresent(shared -> opened.add(shared::close));
            return new Child(place, serial, process(place, serial), watch, table, arena);
        } catch (IOException | RuntimeException | Error e) {
            watch.insteadOf(() -> endThoseOf(serial)); // the process may be there all the same, and the JDK not know it
            opened.forEach(Runnable::run);
            deleteFiles(serial);
            throw e;
        }
    }

    private Process process(ChildPlace place, long serial) throws IOException {
        var arguments = directory.files().arguments(serial);
        var options = ChildOptions.with(place.jvmOptions(), maxHeap);
        var all = Stream.concat(aotCaches.options(place, serial, options).stream(), options.stream());
        var builder = new ProcessBuilder(command.through(arguments, all.toList()))
                .redirectInput(Redirect.from(NOTHING))
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT);
        LaunchCommand.tidy(builder.environment());
        ServiceManager.tidy(builder.environment());
        identity(place, serial).putInto(builder.environment());
        subprocesses.ifPresent(those -> those.mark(serial, builder.environment()));
        return builder.start();
    }

    /** Ends what a dead child has started; waits for it. */
    void endThoseOf(long serial) {
        subprocesses.ifPresent(those -> those.endThoseOf(serial));
    }

    /** Once the child is gone and its table has been read. */
    void discard(Child child) throws IOException {
        child.slotTable().close();
        deleteFiles(child.serial());
    }

    /** Why a child has ended that has not said hello; empty if it did not know. */
    String whyNot(Child child) {
        try {
            return Files.readString(directory.files().whyNot(child.serial()));
        } catch (IOException e) {
            LOG.trace("it has left no reason", e);
            return "";
        }
    }

    private void deleteFiles(long serial) throws IOException {
        Files.deleteIfExists(directory.files().whyNot(serial));
        Files.deleteIfExists(directory.files().classes(serial));
        Files.deleteIfExists(directory.files().slotTable(serial));
        Files.deleteIfExists(directory.files().arguments(serial));
        Files.deleteIfExists(directory.files().arena(serial));
    }

    private SlotTable slotTable(ChildPlace place, long serial) throws IOException {
        try {
            var file = directory.files().slotTable(serial);
            var table = SlotTable.create(file, place.slots());
            PrivateFile.keepFromCleaners(file);
            return table;
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private ChildIdentity identity(ChildPlace place, long serial) {
        return new ChildIdentity(
                serial,
                place.group(),
                place.groupIndex(),
                place.index(),
                directory.path(),
                directory.secret(),
                ProcessHandle.current().pid());
    }
}
