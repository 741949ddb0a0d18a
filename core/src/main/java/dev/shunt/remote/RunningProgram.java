package dev.shunt.remote;

import java.nio.file.Path;

/**
 * A program that runs on this machine.
 *
 * @param directory its run directory
 * @param about what its {@code manager.json} says of it; nothing while that is not written
 * @param pid as its file says; of a program in another container it is another one here
 */
public record RunningProgram(Path directory, Json about, long pid) {

    /** What {@code --name} takes. */
    public String name() {
        String name = about.text("program");
        return name.isEmpty() ? "?" : name;
    }

    /** The socket that it answers on. */
    public Path socket() {
        return directory.resolve(RunningPrograms.SOCKET);
    }

    /** Whether it has come to serve. */
    public boolean serves() {
        return about.text("state").equals("running");
    }

    /** When it was started, as text; "" if that is not known. */
    public String since() {
        return about.text("started");
    }

    public ControlClient client() {
        return ControlClient.at(socket(), ControlClient.user());
    }

    @Override
    public String toString() {
        return name() + " (pid " + pid + (since().isEmpty() ? "" : ", since " + since()) + ")";
    }
}
