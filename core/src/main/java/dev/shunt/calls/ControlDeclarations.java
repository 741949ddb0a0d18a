package dev.shunt.calls;

import dev.shunt.bus.Bus;
import dev.shunt.check.Check;
import dev.shunt.control.ConsoleSettings;
import dev.shunt.plan.ControlSettings;
import dev.shunt.plan.ProcessSettings;
import dev.shunt.task.TaskContext;
import java.nio.file.Path;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/**
 * How a program gets on with other code and processes, and is seen and steered while it runs; each method returns this.
 *
 * @param <S> the settings themselves
 */
public interface ControlDeclarations<S> {

    /** For this package: changes what is said so far. */
    S processes(String call, UnaryOperator<ProcessSettings> change);

    /** For this package, as {@link #processes}. */
    default S control(String call, UnaryOperator<ControlSettings> change) {
        return processes(call, all -> all.withControl(Check.given(call, change).apply(all.control())));
    }

    /**
     * Whether SIGTERM, SIGINT and SIGHUP stop the program in order, before the host's own handlers and the JVM's shutdown
     * hooks have their turn, and SIGUSR1 and SIGUSR2 reload. Default true; with false no handler is installed in this
     * process, and the host ends the program by its own call.
     */
    default S handleSignals(boolean value) {
        return processes("handleSignals", all -> all.withHandleSignals(value));
    }

    /**
     * Whether programs that handlers have started are killed with a child that dies or is killed, before what ran there
     * runs again or is {@code Lost}. Default true. Needs {@code /proc}.
     */
    default S endSubprocesses(boolean value) {
        return processes("endSubprocesses", all -> all.withEndSubprocesses(value));
    }

    /**
     * Bytes of memory that all children together may share with the manager for payloads of 8 KiB and more; what has no room
     * there travels between them as smaller ones do, and from 64 KiB on through files. Default: a sixteenth of the memory, at
     * most 1 GB and half of {@code /dev/shm}; 0 for none.
     */
    default S payloadMemory(long bytes) {
        return processes("payloadMemory", all -> all.withPayloadMemory(bytes));
    }

    /**
     * What nodes of a fleet speak to each other over, such as {@code PgBus.at(url)}: what is sent to connections, groups, users
     * and all, and what is published, reaches those of every node. Default: that of {@code taskQueue}, if it has one.
     */
    default S bus(Bus.Opener value) {
        return processes("bus", all -> all.withBus(Check.given("bus", value)));
    }

    /**
     * The program's run directory, whose socket {@code control} is to be asked; made if missing, mode 0700. The program does
     * not start while another one has it. Default: a directory of its own for each run, under {@code $RUNTIME_DIRECTORY},
     * {@code $XDG_RUNTIME_DIR} or the temporary directory.
     */
    default S runDirectory(Path directory) {
        return control("runDirectory", control -> control.withRunDirectory(directory));
    }

    /** What the program is called where it is seen. Default: its main class without the package, or its jar. */
    default S programName(String name) {
        return control("programName", control -> control.withProgramName(name));
    }

    /** Whether the program has a socket to be asked and steered by. Default true; only its own user can open it. */
    default S controlSocket(boolean value) {
        return control("controlSocket", control -> control.withSocket(value));
    }

    /**
     * Whether children are replaced, as by a reload, when a class file or a jar of the class path has changed; for development.
     * Default false; {@code -Dshunt.watch=true}, and {@code start --watch} on its command line, say the same of any program.
     */
    default S watch(boolean value) {
        return control("watch", control -> control.withWatch(value));
    }

    /**
     * Whether children start with an AOT cache of the JDK. After a start that has found none it is made in the background,
     * below {@code $XDG_CACHE_HOME} or {@code ~/.cache}; a cache that JVM options name is used instead. Default false; {@code
     * -Dshunt.aotCache=true}, or {@code false}, says it of any program.
     */
    default S aotCache(boolean value) {
        return control("aotCache", control -> control.withAotCache(value));
    }

    /**
     * Which fields of payloads are shown as {@code ***} wherever tasks are seen, and never found by their text.
     *
     * @param masks given the type of a task and a field's path in its payload, such as {@code card.number}; an empty path
     *     for a payload that is a text
     */
    default S maskPayloads(BiPredicate<String, String> masks) {
        return control("maskPayloads", control -> control.withMasks(masks));
    }

    /**
     * A page that shows and steers the program, from module {@code shunt-console}; off unless this is called. For whoever
     * can reach it, without credentials, so the address must be a loopback one.
     *
     * @param port 0 for any that is free; the log says which
     * @throws IllegalArgumentException if others can reach the address
     */
    default S console(String host, int port) {
        return console(host, port, console -> console);
    }

    /** As above, with credentials, or what may be done there. */
    default S console(String host, int port, UnaryOperator<ConsoleSettings> settings) {
        Check.given("console", settings);
        return control(
                "console",
                control -> control.withConsole(Check.given("console", settings.apply(new ConsoleSettings(host, port)))
                        .checked()));
    }

    /**
     * An address that answers {@code /metrics}, in Prometheus's text, {@code /health/live} and {@code /health/ready}, and
     * nothing else, to whoever reaches it; from module {@code shunt-micrometer}. Off unless this is called; a console and the
     * control socket have them as well.
     *
     * @param port 0 for any that is free; the log says which
     */
    default S metrics(String host, int port) {
        return control("metrics", control -> control.withMetrics(new ControlSettings.Probes(host, port)));
    }

    /**
     * What goes with each task as headers, from the thread that submits it to the one that runs its handler, such as the trace
     * of module {@code shunt-opentelemetry}. May be called several times; each is asked in that order.
     */
    default S taskContext(TaskContext context) {
        return control("taskContext", control -> control.withTaskContext(context));
    }
}
