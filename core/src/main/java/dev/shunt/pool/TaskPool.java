package dev.shunt.pool;

import dev.shunt.calls.ControlCalls;
import dev.shunt.calls.FaceState;
import dev.shunt.calls.ProcessDeclarations;
import dev.shunt.calls.SharedCalls;
import dev.shunt.calls.TaskCalls;
import dev.shunt.calls.TaskDeclarations;
import dev.shunt.check.Check;
import dev.shunt.control.Done;
import dev.shunt.data.Codec;
import dev.shunt.engine.Engine;
import dev.shunt.launch.Background;
import dev.shunt.launch.Launch;
import dev.shunt.launch.Start;
import dev.shunt.plan.ControlSettings;
import dev.shunt.plan.Hooks.ChildExit;
import dev.shunt.plan.Plan;
import dev.shunt.plan.QueueLimit;
import dev.shunt.plan.SharedLimit;
import dev.shunt.plan.Slot;
import dev.shunt.plan.SlotHandler;
import dev.shunt.stats.Stats;
import dev.shunt.task.Result;
import dev.shunt.task.TaskContext;
import dev.shunt.task.TaskLog;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Task slots in child processes, for a program that has a {@code main} of its own: no port, no signals, {@link
 * Builder#start} returns. A child runs the same {@code main} until it comes to that start, which does not return there; so
 * start pools first, or name a {@link Builder#childMain}. Safe for use by any thread.
 *
 * <pre>
 *   try (var pool = TaskPool.builder().slots(4).answer(Thumbnail.class, t -> t.render()).start()) {
 *       pool.submit(new Thumbnail(path)).result().thenAccept(result -> …);
 *   }
 * </pre>
 */
public final class TaskPool implements TaskCalls, SharedCalls, ControlCalls, AutoCloseable {

    private final PoolFace face;
    private final PoolHooks hooks;
    private final PoolSettings settings;
    private final FaceState<Builder> state;

    private TaskPool(Builder builder) {
        face = builder.face;
        hooks = builder.hooks;
        settings = builder.settings;
        state = builder.state;
    }

    /** A pool named "tasks". */
    public static Builder builder() {
        return builder("tasks");
    }

    /** @param name shown in logs and errors */
    public static Builder builder(String name) {
        return new Builder(Check.name("TaskPool.builder", name));
    }

    /** For the calls that this face shares with others. */
    @Override
    public FaceState<?> state() {
        return state;
    }

    public String name() {
        return face.name();
    }

    /**
     * Submits a task and waits for its result on this thread, platform or virtual. There is no limit but the task's own, such
     * as {@link TaskOptions#deadline}.
     *
     * @throws InterruptedException the task goes on
     */
    public Result await(Object task) throws InterruptedException {
        return await(task, TaskOptions.DEFAULT);
    }

    public Result await(Object task, TaskOptions options) throws InterruptedException {
        return submit(task, options).await();
    }

    /**
     * This pool as an {@link ExecutorService}, for tasks that can be sent to a child: {@code Runnable}s and {@code Callable}s
     * whose class has a handler here, such as {@code answer(Resize.class, Resize::call)}. Any other is refused with a
     * {@link java.util.concurrent.RejectedExecutionException} that says what to do. Its {@code shutdown} and {@code close} are
     * those of the pool.
     */
    public ExecutorService asExecutorService() {
        return new PoolExecutor(this);
    }

    /** In a handler of this pool: the slot that runs it, whose index is 0 to slots - 1 and outlives its process. */
    public Optional<Slot> slot() {
        return face.engine().slot();
    }

    /** The pool in numbers, all of one moment; after it has closed its last ones. */
    public Stats stats() {
        return face.engine().stats();
    }

    /** Replaces all children one by one by new ones, which load the classes that are on disk then; returns at once. */
    public void reload() {
        face.engine().reload(false);
    }

    /**
     * Gives the pool another number of children while it runs, 1 to 1,000, each with as many slots as the first; where its slots
     * are threads of this process, of slots. Those that are too many end what they run first, and what waits is run by the
     * others. Done when it has begun; fails with {@link dev.shunt.control.ControlException}.
     */
    public CompletionStage<Done.Resized> resize(int count) {
        return resize(name(), count);
    }

    /** Whether it has been started, and has not failed to; it may have ended since. */
    public boolean hasStarted() {
        return face.engineOrNull() != null;
    }

    /** Whether it takes tasks. */
    public boolean isOpen() {
        return face.engineOrNull() != null && !face.isClosing();
    }

    /**
     * Takes no more tasks, has those that wait run, for up to {@link Builder#drainTimeout}, and ends as {@link #closeNow}
     * does. A thread that is interrupted meanwhile goes on with that at once. Further calls wait for the same end; in a
     * shutdown hook as anywhere.
     *
     * @throws IllegalStateException in a handler of this pool, which would wait for itself
     */
    @Override
    public void close() {
        beginClose();
        awaitEnd();
    }

    /**
     * Takes no more tasks, rejects those that wait (what is durable stays in the task log), gives those that run {@link
     * Builder#stopTimeout}, and returns when all children have ended. Every result is complete then.
     */
    public void closeNow() {
        beginCloseNow();
        awaitEnd();
    }

    void beginClose() {
        var drain = settings.drainTimeout;
        beginEnd("close()", engine -> {
            if (drain.isZero()) {
                engine.shutdown();
            } else {
                engine.shutdown(drain);
            }
        });
    }

    void beginCloseNow() {
        beginEnd("closeNow()", Engine::shutdown);
    }

    private void beginEnd(String call, Consumer<Engine> end) {
        if (face.isHandler()) {
            throw new IllegalStateException(call + " by a handler of " + face
                    + ", which would wait for its own end; call it where the pool was started");
        }
        face.close();
        var engine = face.engineOrNull();
        if (engine != null) {
            end.accept(engine);
        }
    }

    private void awaitEnd() {
        var engine = face.engineOrNull();
        if (engine != null) {
            PoolEnd.await(engine, hooks.ended);
        }
    }

    boolean hasEndedWithin(Duration patience) throws InterruptedException {
        var engine = face.engineOrNull();
        return engine == null || PoolEnd.within(engine, hooks.ended, patience);
    }

    boolean hasEnded() {
        return face.engineOrNull() == null || hooks.ended.isDone();
    }

    boolean hasHandler(Class<?> type) {
        return face.engine().plan().taskTypes().has(type);
    }

    @Override
    public String toString() {
        return face.toString();
    }

    /** What is said of a pool before it starts: its handlers, callbacks, schedules and settings. Each value is checked where it is given. */
    public static final class Builder
            implements TaskDeclarations<Builder>, ProcessDeclarations<Builder>, QueueDeclarations {

        private final PoolFace face;
        private final PoolHooks hooks = new PoolHooks();
        private final PoolSettings settings = new PoolSettings();
        private final FaceState<Builder> state;
        private final Start start;
        private final TaskPool pool;

        private Builder(String name) {
            face = new PoolFace(name);
            state = new FaceState<>(this, face, settings.tasks, hooks.callbacks());
            start = Launch.start(face.toString());
            pool = new TaskPool(this);
        }

        /** For the declarations that this shares with other faces. */
        @Override
        public FaceState<Builder> state() {
            return state;
        }

        /** How many tasks run at once. Default: one per core. */
        public Builder slots(int value) {
            setting("slots").slots = Check.count("slots", value, 1, "without, it is one per core");
            return this;
        }

        /** How many children host the slots, at most one per slot. Default: as many as slots or cores, whichever is less. */
        public Builder processes(int value) {
            setting("processes").processes = Check.count("processes", value, 0, "0 means the default");
            return this;
        }

        /** How much all {@link TaskPool#table}s may have together. Default: a million entries, an eighth of the heap. */
        public Builder sharedMap(int maxEntries, long maxBytes) {
            setting("sharedMap").shared = new SharedLimit(maxEntries, maxBytes);
            return this;
        }

        /** JVM options of the children, such as {@code -Xmx1g}; they win over the defaults. */
        public Builder jvmOptions(String... options) {
            setting("jvmOptions").jvmOptions = Check.all("jvmOptions", options);
            return this;
        }

        /** Slots are virtual threads. */
        public Builder virtualSlots(boolean value) {
            setting("virtualSlots").virtual = value;
            return this;
        }

        /** No children: the slots are threads of this process; for debugging and unit tests. */
        public Builder inProcess() {
            return inProcess(true);
        }

        public Builder inProcess(boolean value) {
            setting("inProcess").inProcess = value;
            return this;
        }

        /**
         * The class whose {@code main} children run, with the arguments of the program, where the program's own cannot run
         * again: a test, or one that does more than a child should before it comes to the pool. It starts the same pool.
         */
        public Builder childMain(Class<?> value) {
            setting("childMain").childMain = Optional.of(Check.given("childMain", value));
            return this;
        }

        /** Where durable tasks and dead letters are kept, such as {@code SqliteTaskLog.at(file)}. Default: dead letters in memory. */
        public Builder taskLog(TaskLog.Opener value) {
            setting("taskLog").taskLog = Optional.of(Check.given("taskLog", value));
            return this;
        }

        /** Where durable tasks are kept that several machines share, such as {@code PostgresTaskQueue.at(url)}, in place of a log. */
        public Builder taskQueue(TaskQueue.Opener value) {
            setting("taskQueue").taskQueue = Optional.of(Check.given("taskQueue", value));
            return this;
        }

        /** After how many tasks a slot's process is replaced, of all its slots together. Default 0: never. */
        public Builder maxTasksPerSlot(int value) {
            setting("maxTasksPerSlot").tasks.maxRuns(Check.count("maxTasksPerSlot", value, 0, "0 means never"), -1);
            return this;
        }

        /** How long {@link TaskPool#close} has what waits run. Default 20 s; zero for not at all. */
        public Builder drainTimeout(Duration value) {
            setting("drainTimeout").drainTimeout = Check.notNegative("drainTimeout", value);
            return this;
        }

        /** How long running tasks may take to finish when the pool ends, after {@link #drainTimeout}. Default 3 s. */
        public Builder stopTimeout(Duration value) {
            setting("stopTimeout").stopTimeout = Check.notNegative("stopTimeout", value);
            return this;
        }

        /** Whether what handlers have started is killed with a child that dies. Default true; needs {@code /proc}. */
        public Builder endSubprocesses(boolean value) {
            setting("endSubprocesses").endSubprocesses = value;
            return this;
        }

        /**
         * Bytes of memory that all children together may share with the manager for payloads of 64 KiB and more; what has no room
         * there travels through files. Default: a sixteenth of the memory, at most 1 GB and half of {@code /dev/shm}; 0 for
         * files only.
         */
        public Builder payloadMemory(long bytes) {
            setting("payloadMemory").payloadMemory = Check.bytesOrNone("payloadMemory", bytes);
            return this;
        }

        /** Turns objects of tasks and results into bytes and back, in each process. Default: {@link Codec#json}. */
        public Builder codec(Codec value) {
            setting("codec").codec = Check.given("codec", value);
            return this;
        }

        /**
         * How the pool is seen and steered while it runs, as {@code Worker.control}: {@code control(all -> all.withMetrics(new
         * ControlSettings.Probes("127.0.0.1", 9464)))}. May be called several times; each gets what is said so far.
         */
        public Builder control(UnaryOperator<ControlSettings> change) {
            var all = setting("control");
            all.control = Check.given("control", Check.given("control", change).apply(all.control));
            return this;
        }

        /** As {@code taskContext} of a server: what goes with each task to the thread that runs its handler. */
        public Builder taskContext(TaskContext context) {
            var all = setting("taskContext");
            all.control = all.control.withTaskContext(context);
            return this;
        }

        /**
         * Where callbacks of results run that are asked for by threads outside of handlers. It orders them as it likes.
         * Default: one thread of the pool, in their order, which none of them may hold up for long.
         */
        public Builder callbackExecutor(Executor value) {
            setting("callbackExecutor");
            hooks.callbackExecutor = Optional.of(Check.given("callbackExecutor", value));
            return this;
        }

        /** On every slot, on its own thread, before it gets tasks. If it throws while the pool starts, that does not start. */
        public Builder onSlotStart(SlotHandler callback) {
            setting("onSlotStart").slotStart = Check.given("onSlotStart", callback);
            return this;
        }

        /** On every slot that stops in order. */
        public Builder onSlotStop(SlotHandler callback) {
            setting("onSlotStop").slotStop = Check.given("onSlotStop", callback);
            return this;
        }

        /** Where the pool was started, when a child ended unasked; it is being replaced already. */
        public Builder onChildExit(Consumer<? super ChildExit> callback) {
            setting("onChildExit");
            hooks.childExit = Check.given("onChildExit", callback);
            return this;
        }

        /** What {@link #start} returns, for handlers: they run after that, also where it does not return. */
        public TaskPool pool() {
            return pool;
        }

        /**
         * Returns when every slot has started. In a child of this pool it never returns, and the process exits instead; in a
         * child of another program it returns a pool that does nothing.
         *
         * @throws IllegalStateException if it cannot start, for the reason given; or if it has started before
         */
        public TaskPool start() {
            return begin("start()", plan -> {
                if (!Background.run(plan, start, face::runsOn, hooks.serving, hooks.ended)) {
                    face.close();
                }
            });
        }

        /** Instead of {@link #start}, for tests: gives the plan to another engine and uses that from now on. */
        @SuppressWarnings("exports") // for the test kit, which is no module
        public TaskPool startOn(Function<? super Plan, ? extends Engine> other) {
            return begin("startOn()", plan -> {
                hooks.callbackExecutor = Optional.empty(); // the engine is all threads itself
                face.runsOn(other.apply(plan));
            });
        }

        private TaskPool begin(String call, Consumer<Plan> run) {
            face.begin(call);
            try {
                run.accept(settings.plan(face, hooks));
                return pool;
            } catch (RuntimeException | Error e) {
                face.notBegun();
                throw e;
            }
        }

        @Override
        public Builder queue(String call, UnaryOperator<QueueLimit> change) {
            var changed = setting(call);
            changed.queue = change.apply(changed.queue);
            return this;
        }

        private PoolSettings setting(String call) {
            face.setting(call);
            return settings;
        }
    }
}
