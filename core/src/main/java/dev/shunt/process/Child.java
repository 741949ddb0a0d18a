package dev.shunt.process;

import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Link;
import dev.shunt.ipc.PayloadArena;
import dev.shunt.ipc.SlotTable;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One child process, as its manager sees it; see {@link ChildState}. Lives on the supervisor's thread. */
public final class Child {

    private final ChildPlace place;
    private final long serial;
    private final Process process;
    private final ExitWatch watch;
    private final SlotTable slotTable;
    private final Optional<PayloadArena> arena;

    /** In bytes, before what can wait does. */
    private static final int MAY_WAIT = 1 << 20;

    private ChildState state = ChildState.STARTING;
    private @Nullable Link link;
    private OptionalInt exitStatus = OptionalInt.empty();
    private @Nullable Long readySinceNanos;
    private @Nullable String killedBecause;
    private boolean patient;
    private Optional<Long> endBy = Optional.empty();
    private int pings;
    private Frame.@Nullable Pong told;

    private volatile int maxFrameBytes;

    /** Read when its process has ended, on another thread. */
    private volatile boolean toldToStop;

    Child(
            ChildPlace place,
            long serial,
            Process process,
            ExitWatch watch,
            SlotTable slotTable,
            Optional<PayloadArena> arena) {
        this.place = place;
        this.serial = serial;
        this.process = process;
        this.watch = watch;
        this.slotTable = slotTable;
        this.arena = arena;
    }

    public ChildPlace place() {
        return place;
    }

    /** Counts the children of this manager; a successor has another. */
    public long serial() {
        return serial;
    }

    public long pid() {
        return process.pid();
    }

    /** What its slots do; readable until {@link SupervisorEvents#down} has returned. */
    public SlotTable slotTable() {
        return slotTable;
    }

    /** What it shares with the manager for large payloads, closed by whoever has been told that it is started. */
    public Optional<PayloadArena> arena() {
        return arena;
    }

    /** It reads more slowly than it is sent to. */
    public boolean isBehind() {
        return link != null && link.waiting() > MAY_WAIT;
    }

    /** Does nothing while there is no link. */
    public void send(Frame.ToChild frame) {
        if (link != null) {
            link.send(frame);
        }
    }

    public void flush() {
        if (link != null) {
            link.flush();
        }
    }

    ChildState state() {
        return state;
    }

    void greeted(Link itsLink, int maxBytes) {
        state = ChildState.GREETED;
        link = itsLink;
        maxFrameBytes = maxBytes;
        itsLink.limit(maxBytes);
    }

    /** Of one frame for it; it may have a smaller heap than this process. From any thread. */
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    void ready(long nowNanos) {
        state = ChildState.READY;
        readySinceNanos = nowNanos;
    }

    void leaving() {
        state = ChildState.LEAVING;
    }

    /** It serves its place no more, and has not ended. */
    public boolean isLeaving() {
        return state == ChildState.LEAVING && isAlive();
    }

    /** It is to have ended then, if it leaves; the first time that is said counts. */
    void endBy(long nanos) {
        if (endBy.isEmpty()) {
            endBy = Optional.of(nanos);
        }
    }

    /** Nothing replaces it. */
    void endsNot() {
        endBy = Optional.empty();
    }

    Optional<Duration> leftUntilEnd(long nowNanos) {
        return endBy.map(nanos -> Duration.ofNanos(nanos - nowNanos));
    }

    /** When it leaves it may take its time with what it runs; false until that is said. */
    public boolean isPatient() {
        return patient;
    }

    void patient(boolean value) {
        patient = value;
    }

    void gone() {
        state = ChildState.GONE;
    }

    /** {@link System#nanoTime}-like time at which it became ready, null if it never did. */
    public @Nullable Long readySinceNanos() {
        return readySinceNanos;
    }

    /** What it has begun it may end. */
    void stop() {
        toldToStop = true;
        send(new Frame.Stop());
        flush();
    }

    /** Its process has ended as it was told, so its handlers have: what they have left, they have left on purpose. */
    boolean hasStopped(int status) {
        return toldToStop && status == 0;
    }

    void closeLink() {
        if (link != null) {
            link.close();
        }
    }

    void linkClosed() {
        link = null;
    }

    void exited(int status) {
        exitStatus = OptionalInt.of(status);
    }

    /** Calls back on a thread that has nothing else to do. */
    void onExit(IntConsumer status) {
        watch.of(process, status);
    }

    boolean isAlive() {
        return exitStatus.isEmpty();
    }

    boolean isDown() {
        return link == null && exitStatus.isPresent();
    }

    /** Whoever holds it at a breakpoint wants it there. */
    boolean isDebugged() {
        return place.jvmOptions().stream().anyMatch(option -> option.contains("jdwp"));
    }

    /** Returns how many times in a row it has been asked, and has not answered. */
    int ping() {
        if (link == null) {
            return 0;
        }
        send(new Frame.Ping());
        flush();
        return pings++;
    }

    void answered(Frame.Pong pong) {
        pings = 0;
        told = pong;
    }

    /** What it has said of itself last; null before it has. */
    public Frame.@Nullable Pong told() {
        return told;
    }

    /** As it is called outside: {@code starting}, {@code greeted}, {@code ready} or {@code leaving}. */
    public String stateName() {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** SIGKILL, with a reason for the log; the first one counts. */
    void kill(String reason) {
        if (isAlive()) {
            state = ChildState.LEAVING;
            killedBecause = killedBecause == null ? reason : killedBecause;
            process.destroyForcibly();
        }
    }

    /** Nobody has killed it, nor told it to end. */
    boolean hasEndedByItself() {
        return exitStatus.isPresent() && ChildExit.isItsOwn(exitStatus.getAsInt());
    }

    String exit() {
        String exit = exitStatus.isPresent() ? ChildExit.describe(exitStatus.getAsInt(), pid()) : "still running";
        return killedBecause == null ? exit : exit + " by its manager: " + killedBecause;
    }

    @Override
    public String toString() {
        return "child " + serial + " (" + place + ", pid " + pid() + ')';
    }
}
