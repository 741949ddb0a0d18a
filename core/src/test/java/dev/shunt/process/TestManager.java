package dev.shunt.process;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Frame.Lease;
import dev.shunt.ipc.Frame.Settled;
import dev.shunt.ipc.PayloadFiles;
import dev.shunt.ipc.SlotTable.SlotState;
import dev.shunt.ipc.WorkKind;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A manager of {@link TestChild}ren, for tests in the same JVM or as a program of its own; notes events as text. */
final class TestManager implements SupervisorEvents, AutoCloseable {

    /** What a child's slot table said when the child was down. */
    record Fallen(Child child, String exit, SlotState slot0, List<Boolean> started) {}

    /** The default, but that it does not take long until it has been tried often. */
    private static final RestartPolicy QUICK = new RestartPolicy(
            RestartPolicy.DEFAULT.young(),
            Duration.ofMillis(20),
            RestartPolicy.DEFAULT.longestDelay(),
            RestartPolicy.DEFAULT.settled(),
            RestartPolicy.DEFAULT.firstStarts());

    /** Without the compiler that pays off later. */
    private static final List<String> QUICK_TO_START = List.of("-Xmx32m", "-XX:TieredStopAtLevel=1");

    final List<String> events = new CopyOnWriteArrayList<>();
    final List<Child> ready = new CopyOnWriteArrayList<>();
    final List<Fallen> fallen = new CopyOnWriteArrayList<>();
    final List<Settled> settled = new CopyOnWriteArrayList<>();
    final RunDirectory directory;
    final Supervisor supervisor;
    final PayloadFiles files;
    /** What a start throws, if it does. */
    final AtomicReference<@Nullable Throwable> startProblem = new AtomicReference<>();

    /** What {@link #down} throws, if it does. */
    final AtomicReference<@Nullable Error> downProblem = new AtomicReference<>();

    final AtomicInteger failedStarts = new AtomicInteger();
    private final AtomicLong serials = new AtomicLong();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("manager").daemon().factory());
    private final UnixListener listener;

    TestManager(Path parent, int places, String mode) throws IOException {
        this(parent, places, mode, Duration.ofSeconds(30), Duration.ofSeconds(5));
    }

    TestManager(Path parent, int places, String mode, Duration helloWithin, Duration stopDeadline) throws IOException {
        this(parent, places, mode, helloWithin, stopDeadline, ChildProgram.DEFAULT_SILENCE);
    }

    TestManager(Path parent, int places, String mode, Duration helloWithin, Duration stopDeadline, Duration silence)
            throws IOException {
        directory = RunDirectory.create(parent);
        files = new PayloadFiles(directory.payloads());
        var program = new ChildProgram(
                LaunchCommand.ofMainClass(TestChild.class, mode),
                IntStream.range(0, places)
                        .mapToObj(index -> new ChildPlace("test", 0, index, 2, QUICK_TO_START))
                        .toList(),
                TestChild.SHAPE,
                QUICK,
                stopDeadline,
                silence,
                0,
                true,
                false);
        supervisor = new Supervisor(program, directory, Clock.system(), executor, this, this::nextSerial, helloWithin);
        listener = new UnixListener(directory.socket(), executor, supervisor.links());
    }

    /** As a program: {@code parent places}; prints its children, ends at INT as a real manager does. */
    public static void main(String[] args) throws Exception {
        var manager = new TestManager(Path.of(args[0]), Integer.parseInt(args[1]), "normal");
        var interrupted = new CompletableFuture<Void>();
        Signals.on("INT", () -> interrupted.complete(null));
        manager.start();
        interrupted.join();
        manager.stopAll(Duration.ofSeconds(5)).toCompletableFuture().join();
        manager.events.forEach(System.out::println);
        manager.close();
        System.out.println("ended in order");
    }

    private long nextSerial() throws IOException {
        var problem = startProblem.get();
        if (problem != null) {
            failedStarts.incrementAndGet();
        }
        switch (problem) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalArgumentException(problem);
        }
        return serials.incrementAndGet();
    }

    void start() throws Exception {
        call(() -> {
            supervisor.start();
            return true;
        });
    }

    CompletionStage<?> stopAll(Duration deadline) throws Exception {
        return call(() -> supervisor.stopAll(deadline));
    }

    void replaceSoon(Child child) throws Exception {
        call(() -> {
            supervisor.replaceSoon(child);
            return true;
        });
    }

    void replace(Child child) throws Exception {
        call(() -> {
            supervisor.replace(child);
            return true;
        });
    }

    void lease(Child child, long lease, String command) throws Exception {
        var payload = files.pack(Data.of(command));
        call(() -> {
            child.send(new Lease(lease, WorkKind.TASK, lease + 1000, 1, 0, Frame.LeaseTerms.NONE, payload));
            child.flush();
            return true;
        });
    }

    String answer(long lease) {
        return settled.stream()
                .filter(frame -> frame.lease() == lease)
                .map(frame -> files.unpack(frame.payload(), Codec.json()).text())
                .findFirst()
                .orElse("none");
    }

    <T> T call(Callable<T> action) throws Exception {
        return executor.submit(action).get();
    }

    @Override
    public void ready(Child child) {
        ready.add(child);
        note("ready", child, "");
        System.out.println("ready " + child.pid());
    }

    @Override
    public void received(Child child, Frame.FromChild.Work frame) {
        settled.add((Settled) frame);
    }

    @Override
    public void retiring(Child child) {
        note("retiring", child, "");
    }

    @Override
    public void overdue(Child child) {
        note("overdue", child, "");
    }

    @Override
    public void notReplaced(Child child, String reason) {
        note("notReplaced", child, reason);
    }

    @Override
    public void down(Child child, String exit) {
        var table = child.slotTable();
        fallen.add(new Fallen(
                child,
                exit,
                table.read(0),
                IntStream.range(0, 10).mapToObj(table::started).toList()));
        note("down", child, exit);
        var problem = downProblem.get();
        if (problem != null) {
            throw problem;
        }
    }

    @Override
    public void shapeDiffers(ChildPlace place, String diff) {
        events.add("shapeDiffers " + place + ' ' + diff);
    }

    @Override
    public void startFailed(ChildPlace place, String reason) {
        events.add("startFailed " + place + ' ' + reason);
    }

    @Override
    public void close() throws IOException {
        supervisor.killAll().toCompletableFuture().join();
        executor.shutdownNow();
        listener.close();
        directory.close();
    }

    private void note(String event, Child child, String detail) {
        events.add((event + ' ' + child.place().index() + " serial " + child.serial() + ' ' + detail).strip());
    }
}
