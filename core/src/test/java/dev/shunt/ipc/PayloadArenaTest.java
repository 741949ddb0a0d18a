package dev.shunt.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("processes")
@Timeout(120)
class PayloadArenaTest {

    private static final int BLOCK = ArenaLane.BLOCK_BYTES;
    private static final int BLOCKS = 32;

    @TempDir
    Path directory;

    private Path file;
    private PayloadArena manager;
    private PayloadArena child;

    @BeforeEach
    void share() throws IOException {
        file = directory.resolve("arena");
        manager = PayloadArena.create(file, (long) BLOCKS * BLOCK);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(put(manager, new byte[BLOCK])).as("before the child has it").isNull();
        child = PayloadArena.open(file);
    }

    @AfterEach
    void close() {
        manager.close();
        child.close();
    }

    @Test
    void file_isGone_onceBothHaveIt() {
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK, BLOCKS * BLOCK})
    void payload_travelsExactly_inBothDirections(int size) {
        byte[] bytes = random(size);
        for (int time = 0; time < 3; time++) {
            assertThat(child.take(there(put(manager, bytes)))).isEqualTo(bytes);
            assertThat(manager.take(there(put(child, bytes)))).isEqualTo(bytes);
        }
    }

    @Test
    void whatIsLargerThanAllOfIt_hasNoRoom() {
        assertThat(put(child, new byte[BLOCKS * BLOCK + 1])).isNull();
        assertThat(manager.taken()).isZero();
    }

    @Test
    void full_hasNoRoom_untilSomethingIsTakenOrReleased() {
        var all = new ArrayList<Payload.InArena>();
        for (int i = 0; i < BLOCKS; i++) {
            all.add(there(put(manager, new byte[] {(byte) i})));
        }
        assertThat(put(manager, new byte[1])).isNull();
        assertThat(put(child, new byte[1])).as("the other direction").isNotNull();

        assertThat(child.take(all.get(5))).containsExactly(5);
        manager.release(all.get(7));
        assertThat(put(manager, new byte[2 * BLOCK]))
                .as("there are not two in a row")
                .isNull();
        child.release(all.get(6));
        var three = there(put(manager, random(3 * BLOCK)));
        assertThat(three.block()).isEqualTo(5);
        assertThat(child.take(three)).isEqualTo(random(3 * BLOCK));
        assertThat(child.take(all.get(8))).containsExactly(8);
    }

    @Test
    void memory_isTakenAsItIsNeeded_andUsedAgain() {
        assertThat(manager.taken()).isZero();
        for (int time = 0; time < 3; time++) {
            child.take(there(put(manager, new byte[2 * BLOCK])));
            manager.take(there(put(child, new byte[BLOCK])));
            assertThat(manager.taken()).isEqualTo(3 * BLOCK);
        }
    }

    @Test
    void takenTwice_isRefused_andNothingOfAnotherIsGivenBack() {
        var payload = there(put(manager, new byte[BLOCK]));
        child.take(payload);
        assertGone(payload);
        var next = there(put(manager, random(BLOCK)));
        assertThat(next.block()).isEqualTo(payload.block());
        assertGone(payload);
        child.release(payload);
        manager.release(payload);
        assertThat(child.take(next)).isEqualTo(random(BLOCK));

        var released = there(put(manager, new byte[BLOCK]));
        child.release(released);
        child.release(released);
        assertGone(released);
    }

    private void assertGone(Payload.InArena payload) {
        assertThatThrownBy(() -> child.take(payload))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("taken already");
    }

    /** What another process says: block, length, ticket. */
    @ParameterizedTest
    @CsvSource({
        "-1, 1, 65537",
        "64, 1, 65537",
        "31, 65537, 65538",
        "40, 1, 65537",
        "0, 65537, 65537",
        "0, -1, 65537",
        "2147483647, 1, 65537",
        "0, 1, 65536",
        "0, 1, -1",
    })
    void placeFromTheWire_thatIsNone_isRefused(int block, int length, long ticket) {
        var payload = new Payload.InArena(Data.Kind.BYTES, 1, block, length, ticket);
        assertThatThrownBy(() -> child.take(payload)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closed_isRefused() {
        var pair = new Pair(directory);
        pair.manager.close();
        assertThat(pair.manager.taken()).isZero();
        assertThatThrownBy(() -> put(pair.manager, new byte[1])).isInstanceOf(IllegalStateException.class);
        pair.child.close();
    }

    @Test
    void fileThatIsNone_isRefused() throws IOException {
        var other = Files.write(directory.resolve("other"), new byte[10_000]);
        assertThatThrownBy(() -> PayloadArena.open(other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(other.toString());
        assertThat(other).exists();
    }

    /** Many threads of each end, with payloads of any size; what has no room is put again. */
    @Test
    void senders_andReceivers_atOnce() {
        var travelling = new ArrayBlockingQueue<Payload.InArena>(BLOCKS);
        var done = new ArrayList<CompletableFuture<Void>>();
        for (int thread = 0; thread < 3; thread++) {
            int seed = thread;
            done.add(run(() -> send(seed, travelling)));
            done.add(run(() -> {
                for (int i = 0; i < 500; i++) {
                    byte[] bytes = child.take(travelling.take());
                    assertThat(bytes).containsOnly(bytes[0]);
                }
            }));
        }
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).join();
        assertThat(put(manager, new byte[BLOCKS * BLOCK]))
                .as("all is free again")
                .isNotNull();
    }

    private void send(int seed, ArrayBlockingQueue<Payload.InArena> travelling) throws InterruptedException {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 500; ) {
            byte[] bytes = new byte[1 + random.nextInt(6 * BLOCK)];
            Arrays.fill(bytes, (byte) random.nextInt());
            var payload = put(manager, bytes);
            if (payload != null) {
                travelling.put(payload);
                i++;
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private interface Part {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> run(Part part) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        part.run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                action -> Thread.ofPlatform().daemon().start(action));
    }

    /** The limit on file sizes stands for a file system without room; the file of an arena is a hole as long as it can be. */
    @Test
    void fileSystemWithoutRoom_isNoRoom_andNoSignal() throws Exception {
        var process = start(WithoutRoom.class);
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .contains("small: true")
                .contains("more: false")
                .contains("small again: true")
                .contains("there is no more room for payloads in shared memory, of which 16384 bytes are taken");
        assertThat(process.waitFor()).isZero();
    }

    /** A child that is killed while it puts one payload after the other: what it has told of is whole. */
    @Test
    void senderThatIsKilled_whatItHasToldOf_isThere() throws Exception {
        try (var arena = PayloadArena.create(directory.resolve("killed"), (long) BLOCKS * BLOCK)) {
            var process = start(PutForEver.class);
            var lines = process.inputReader(UTF_8);
            for (int i = 0; i < 1_000; i++) {
                assertWhole(arena, Objects.requireNonNull(lines.readLine()));
            }
            process.toHandle().destroyForcibly(); // the process itself would close its output
            process.waitFor();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.endsWith(".")) { // else it was cut by the kill
                    assertWhole(arena, line);
                }
            }
            assertThat(directory.resolve("killed")).doesNotExist();
        }
    }

    private static void assertWhole(PayloadArena arena, String line) {
        String[] words = line.substring(0, line.length() - 1).split(" ", -1);
        byte[] bytes = arena.take(new Payload.InArena(
                Data.Kind.BYTES, 0, Integer.parseInt(words[0]), Integer.parseInt(words[1]), Long.parseLong(words[2])));
        assertThat(bytes).containsOnly(Byte.parseByte(words[3]));
    }

    private Process start(Class<?> main) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
    }

    /** Runs as a process of its own. */
    static final class WithoutRoom {
        static void main(String[] args) throws Exception {
            var pair = new Pair(Path.of(args[0]));
            System.out.println("small: " + (put(pair.child, new byte[BLOCK]) != null));
            var limit = new ProcessBuilder(
                    "prlimit", "--pid", Long.toString(ProcessHandle.current().pid()), "--fsize=32768:");
            if (limit.inheritIO().start().waitFor() != 0) {
                throw new IOException("prlimit failed");
            }
            System.out.println("more: " + (put(pair.child, new byte[BLOCK]) != null));
            var first = new Payload.InArena(Data.Kind.BYTES, 0, BLOCKS, BLOCK, 1 << 16 | 1);
            pair.manager.take(first);
            System.out.println("small again: " + (put(pair.child, new byte[BLOCK]) != null));
        }
    }

    /** Runs as a process of its own, until it is killed. */
    static final class PutForEver {
        static void main(String[] args) throws IOException {
            var arena = PayloadArena.open(Path.of(args[0]).resolve("killed"));
            for (int i = 0; ; i++) {
                byte[] bytes = new byte[1 + i % 7 * BLOCK / 2];
                Arrays.fill(bytes, (byte) i);
                var payload = put(arena, bytes);
                if (payload != null) {
                    System.out.println(
                            payload.block() + " " + payload.length() + " " + payload.ticket() + " " + (byte) i + ".");
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Both ends in one process. */
    private static final class Pair {

        final PayloadArena manager;
        final PayloadArena child;

        Pair(Path directory) {
            try {
                manager = PayloadArena.create(directory.resolve("pair"), (long) BLOCKS * BLOCK);
                child = PayloadArena.open(directory.resolve("pair"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Payload.@Nullable InArena put(PayloadArena arena, byte[] bytes) {
        return arena.put(Data.Kind.BYTES, bytes, 1);
    }

    private static Payload.InArena there(Payload.@Nullable InArena payload) {
        return Objects.requireNonNull(payload);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }
}
