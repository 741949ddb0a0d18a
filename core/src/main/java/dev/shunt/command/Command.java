package dev.shunt.command;

import dev.shunt.plan.ControlSettings;
import dev.shunt.plan.Plan;
import dev.shunt.process.Detached;
import dev.shunt.process.ProgramIdentity;
import dev.shunt.remote.ControlException;
import dev.shunt.remote.Farewell;
import dev.shunt.remote.Renewal;
import dev.shunt.remote.Reports;
import dev.shunt.remote.RunningProgram;
import dev.shunt.remote.RunningPrograms;
import dev.shunt.remote.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One word, done for the program of a plan, which is not run but for {@code start}. */
final class Command {

    private static final Duration RELOAD_TIMEOUT = Duration.ofMinutes(1);

    private final Words words;
    private final Optional<Path> directory;
    private final ProgramIdentity own = ProgramIdentity.ofThisProcess();
    private final String name;

    Command(Words words, Plan plan) {
        this(words, plan.settings().processes().control());
    }

    private Command(Words words, ControlSettings settings) {
        this(words, settings.runDirectory(), settings.programName());
    }

    /** @param directory of the program, if it chooses it */
    Command(Words words, Optional<Path> directory, Optional<String> name) {
        this.words = words;
        this.directory = directory;
        this.name = name.orElse(own.name());
    }

    /** Whether the program is to run in this process; else it ends this process. */
    boolean runsHere() {
        if (Detached.isThisProcess()) {
            return true;
        }
        try {
            switch (words.verb()) {
                case START -> refuseIfRunning();
                case RESTART -> stopIfRunning();
                case STOP -> stop(words.timeout());
                case RELOAD ->
                    new Renewal(running(), words.timeout().orElse(RELOAD_TIMEOUT), System.out::println).reload(false);
                case STATUS -> status();
                case CONNECTIONS -> connections();
            }
            if (words.verb() == Words.Verb.START || words.verb() == Words.Verb.RESTART) {
                if (!words.detached()) {
                    return true;
                }
                new DetachedStart(name, words.output(), this::all).run();
            }
            System.exit(0);
        } catch (ControlException e) {
            System.err.println(name + ": " + e.getMessage());
            System.exit(e.kind().exitCode());
        }
        return false;
    }

    private void refuseIfRunning() throws ControlException {
        var same = all().only(this::isSame).found();
        if (!same.isEmpty()) {
            var there = same.getFirst();
            throw new ControlException(
                    ControlException.Kind.FAILED,
                    "already running (pid " + there.pid() + ", since " + there.since() + ")");
        }
    }

    private void stopIfRunning() throws ControlException {
        if (mine().found().isEmpty()) {
            System.out.println(name + " does not run; it is started");
        } else {
            stop(Optional.empty());
        }
    }

    private void stop(Optional<Duration> timeout) throws ControlException {
        var program = running();
        new Farewell(program, words.graceful(), timeout, System.out::println).stop();
        System.out.println(program.name() + " (pid " + program.pid() + ") has stopped");
    }

    private void status() throws ControlException {
        Terminal.show(
                words.again(),
                width -> Reports.status(
                        running().client().get("/status").orFail().json(), width));
    }

    private void connections() throws ControlException {
        System.out.print(Reports.connections(
                running().client().get("/connections?size=1000").orFail().json(), Terminal.width()));
    }

    private RunningProgram running() throws ControlException {
        return mine().one(
                        directory.isPresent() ? "" : "of " + own.main(),
                        "give the arguments that it was started with, or use ctl with --run-dir DIR");
    }

    /** The same main program; of several those that were started in this directory, or the one with the arguments given. */
    private RunningPrograms mine() throws ControlException {
        var all = all();
        if (directory.isPresent()) {
            return all;
        }
        var mine = all.only(program -> program.about().text("main").equals(own.main()));
        var here = mine.only(program -> program.about().text("cwd").equals(own.workingDirectory()));
        var several = mine.found().size() > 1 && !here.found().isEmpty() ? here : mine;
        var same = several.only(this::isSame);
        boolean isNamed = !Words.ownOf(own.args()).isEmpty() && same.found().size() == 1;
        return several.found().size() > 1 && isNamed ? same : several;
    }

    private boolean isSame(RunningProgram program) {
        return directory.isPresent()
                || (program.about().text("main").equals(own.main())
                        && Words.ownOf(program.about().texts("args")).equals(Words.ownOf(own.args())));
    }

    /** In its directory, or where programs are. */
    private RunningPrograms all() throws ControlException {
        if (directory.isEmpty()) {
            return RunningPrograms.ofThisUser();
        }
        return Files.isDirectory(directory.get())
                ? RunningPrograms.at(directory.get())
                : new RunningPrograms(List.of(), List.of(), directory.get().toString());
    }
}
