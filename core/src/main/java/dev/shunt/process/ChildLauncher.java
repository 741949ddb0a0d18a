package dev.shunt.process;

import dev.shunt.ipc.SlotTable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;

/** Starts processes. The only user of ProcessBuilder. */
final class ChildLauncher {

    /** A child never reads the terminal; what it prints goes where the manager's output goes. */
    private static final File NOTHING = new File("/dev/null");

    private final RunDirectory directory;
    private final LaunchCommand command;

    ChildLauncher(RunDirectory directory, LaunchCommand command) {
        this.directory = directory;
        this.command = command;
    }

    /** A started process and its slot table; if the process cannot be started there is no table either. */
    Child launch(ChildPlace place, long serial) throws IOException {
        var table = slotTable(place, serial);
        try {
            var arguments = directory.files().arguments(serial);
            var builder = new ProcessBuilder(command.through(arguments, ChildOptions.with(place.jvmOptions())))
                    .redirectInput(Redirect.from(NOTHING))
                    .redirectOutput(Redirect.INHERIT)
                    .redirectError(Redirect.INHERIT);
            LaunchCommand.tidy(builder.environment());
            identity(place, serial).putInto(builder.environment());
            return new Child(place, serial, builder.start(), table);
        } catch (IOException e) {
            table.close();
            deleteFiles(serial);
            throw e;
        }
    }

    /** Once the child is gone and its table has been read. */
    void discard(Child child) throws IOException {
        child.slotTable().close();
        deleteFiles(child.serial());
    }

    private void deleteFiles(long serial) throws IOException {
        Files.deleteIfExists(directory.files().slotTable(serial));
        Files.deleteIfExists(directory.files().arguments(serial));
    }

    private SlotTable slotTable(ChildPlace place, long serial) throws IOException {
        var file = directory.files().slotTable(serial);
        try {
            var table = SlotTable.create(file, place.slots());
            PrivateFile.protect(file);
            return table;
        } catch (UncheckedIOException e) {
            Files.deleteIfExists(file);
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
