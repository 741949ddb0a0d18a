package dev.shunt.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which run directory is a program's that lives. */
class RunningProgramsTest {

    @TempDir
    Path place;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var one : open) {
            one.close();
        }
    }

    private Path directory(String pid, String name) throws IOException {
        var directory = Files.createDirectory(place.resolve("shunt-ann-" + pid + "-abc123"));
        Files.createFile(directory.resolve("lock"));
        Files.writeString(
                directory.resolve("manager.json"),
                "{\"program\": \"" + name + "\", \"pid\": " + pid + ", \"started\": \"2026-11-28T15:57:30Z\","
                        + " \"state\": \"running\"}");
        return directory;
    }

    private void lock(Path directory) throws IOException {
        var channel = FileChannel.open(directory.resolve("lock"), StandardOpenOption.WRITE);
        open.add(channel);
        assertThat(channel.tryLock()).isNotNull();
    }

    private void listen(Path directory) throws IOException {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        open.add(server);
        server.bind(UnixDomainSocketAddress.of(directory.resolve("control")));
    }

    private RunningPrograms look() {
        return RunningPrograms.in(place);
    }

    @Test
    void programLives_ifItsLockIsHeldOrItsSocketAnswers_notByItsPid() throws Exception {
        directory(String.valueOf(ProcessHandle.current().pid()), "left over");
        var locked = directory("4711", "locked");
        lock(locked);
        var answering = directory("4712", "answering");
        Files.delete(answering.resolve("lock"));
        listen(answering);
        assertThat(look().found()).extracting(RunningProgram::name).containsExactly("locked", "answering");
    }

    @Test
    void none_several_one() throws Exception {
        var none = catchThrowableOfType(ControlException.class, () -> look().one(""));
        assertThat(none.kind().exitCode()).isEqualTo(3);
        assertThat(none).hasMessageContaining("not running").hasMessageContaining(place.toString());
        for (var pid : List.of("1001", "1002")) {
            var directory = directory(pid, "program" + pid);
            lock(directory);
            listen(directory);
        }
        var several = catchThrowableOfType(ControlException.class, () -> look().one(""));
        assertThat(several.kind().exitCode()).isEqualTo(2);
        assertThat(several).hasMessageContaining("pid 1001  program1001").hasMessageContaining("pid 1002  program1002");
        assertThat(look().only(program -> program.name().equals("program1002"))
                        .one("")
                        .pid())
                .isEqualTo(1002);
    }

    @Test
    void socketIsGone_isToldFromOneThatDoesNotRun() throws Exception {
        var directory = directory("1001", "cleaned");
        lock(directory);
        assertThatThrownBy(() -> look().one(""))
                .hasMessageContaining("cleaned (pid 1001, since 2026-11-28T15:57:30Z) runs, for its lock is held")
                .hasMessageContaining("is gone: removed by another program");
        Files.delete(directory.resolve("manager.json"));
        assertThatThrownBy(() -> look().one("")).hasMessageContaining("is not there yet: it is starting");
    }

    @Test
    void directoryThatIsNamed_isTheProgramsOwn_orThatWhichItIsIn() throws Exception {
        var directory = directory("1001", "named");
        lock(directory);
        listen(directory);
        assertThat(RunningPrograms.at(directory).one("").name()).isEqualTo("named");
        assertThat(RunningPrograms.at(place).one("").name()).isEqualTo("named");
        var missing = catchThrowableOfType(ControlException.class, () -> RunningPrograms.at(place.resolve("no")));
        assertThat(missing.kind().exitCode()).isEqualTo(3);
    }
}
