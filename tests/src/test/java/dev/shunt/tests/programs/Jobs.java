package dev.shunt.tests.programs;

import dev.shunt.task.Task;
import dev.shunt.testing.Gate;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * What a task does, told by its text. Every run is written to the ledger first, if there is one. {@code gate NAME} stands
 * still until the test releases it; the answer it gets is done next, unless that is {@code go}.
 */
final class Jobs {

    private final AnyFace face;
    private final int gate;
    private final Ledger ledger;

    Jobs(AnyFace face, Options options) {
        this.face = face;
        gate = options.number("gate", 0);
        ledger = Ledger.at(options.text("ledger", ""));
    }

    @Nullable Object run(Task task) throws IOException, InterruptedException {
        ledger.started(task);
        return run(task, Command.of(task.data().text()));
    }

    private @Nullable Object run(Task task, Command job) throws IOException, InterruptedException {
        return switch (job.verb()) {
            case "echo" -> job.rest();
            case "nothing" -> null;
            case "long" -> "x".repeat(Integer.parseInt(job.rest()));
            case "attempt" -> task.attempt();
            case "deadline" -> task.deadline().isPresent();
            case "cancelled" -> task.isCancelled();
            case "finish" -> finish(() -> task.finish(job.rest()));
            case "server-finish" -> finish(() -> face.tasks().finish(job.rest()));
            case "finish-twice" ->
                finish(() -> {
                    task.finish("first");
                    task.finish(job.rest());
                });
            case "finish-and-return" -> {
                task.finish("finished");
                yield job.rest();
            }
            case "finish-then" -> {
                task.finish(job.next().verb());
                yield run(task, job.next().next());
            }
            case "progress-then" -> {
                task.progress(job.next().verb());
                yield run(task, job.next().next());
            }
            case "until-interrupted" -> {
                untilInterrupted();
                yield run(task, job.next());
            }
            case "pid" -> ProcessHandle.current().pid();
            case "worker" -> face.program().workerId();
            case "thread" -> Thread.currentThread().getName();
            case "source" -> task.source();
            case "gate" -> gate(task, job);
            case "spawn-then" -> {
                Spawned.processes(job.next().verb());
                yield run(task, job.next().next());
            }
            case "park" -> {
                new CountDownLatch(1).await();
                yield null;
            }
            case "throw" -> throw new IllegalStateException(job.rest());
            case "throw-error" -> throw new AssertionError(job.rest());
            case "throw-cause" -> throw new IllegalStateException(job.rest(), new IOException("the cause"));
            case "return-unencodable" -> new Unencodable();
            case "finish-unencodable" -> finish(() -> task.finish(new Unencodable()));
            case "server-finish-unencodable" -> finish(() -> face.tasks().finish(new Unencodable()));
            case "progress-unencodable" -> finish(() -> task.progress(new Unencodable()));
            case "finish-later" -> task.finish(new CompletableFuture<>());
            case "later" -> later(task, job.next());
            case "later-cancelled" -> cancelled();
            case "later-never" -> never(task);
            case "later-nested" -> nested(job.rest());
            case "future" -> future(task, job.next());
            case "speak-after" -> speakAfter(task, job.next());
            case "exit" -> finish(() -> System.exit(Integer.parseInt(job.rest())));
            case "halt" -> finish(() -> Runtime.getRuntime().halt(Integer.parseInt(job.rest())));
            case "oom" -> finish(Misdeeds::exhaustMemory);
            case "loop" -> finish(Misdeeds::loopForever);
            case "spin-millis" -> finish(() -> Misdeeds.spin(Duration.ofMillis(Integer.parseInt(job.rest()))));
            case "stubborn" -> {
                Misdeeds.spin(Duration.ofSeconds(2));
                ledger.passed(task);
                yield null;
            }
            case "interrupt-myself" -> finish(() -> Thread.currentThread().interrupt());
            case "send" -> face.program().send(fd(job), job.next().rest());
            case "close" -> face.program().close(fd(job));
            case "nested" -> face.tasks().task(job.rest(), result -> IO.println("nested " + Results.text(result)));
            case "nested-wait" -> Results.text(face.tasks().taskWait(job.rest(), Duration.ofSeconds(10)));
            case "stats" -> face.stats().get().toString();
            case "shutdown" -> finish(face.shutdown());
            default -> throw job.unknown();
        };
    }

    private @Nullable Object gate(Task task, Command job) throws IOException, InterruptedException {
        String answer = Gate.pass(
                gate,
                "task " + task.id() + " attempt " + task.attempt() + " pid "
                        + ProcessHandle.current().pid() + " " + job.rest());
        ledger.passed(task);
        return answer.equals("go") ? "passed " + job.rest() : run(task, Command.of(answer));
    }

    private CompletableFuture<@Nullable Object> later(Task task, Command job) {
        return CompletableFuture.supplyAsync(() -> runElsewhere(task, job), Thread::startVirtualThread);
    }

    private @Nullable Object runElsewhere(Task task, Command job) {
        try {
            return run(task, job);
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    private Future<@Nullable Object> future(Task task, Command job) {
        var future = new FutureTask<@Nullable Object>(() -> run(task, job));
        Thread.ofVirtual().start(future);
        return future;
    }

    private static CompletableFuture<@Nullable Object> cancelled() {
        var stage = new CompletableFuture<@Nullable Object>();
        stage.cancel(false);
        return stage.thenApply(value -> value);
    }

    private static CompletableFuture<@Nullable Object> never(Task task) {
        var stage = new CompletableFuture<@Nullable Object>();
        var _ = stage.whenComplete((_, problem) -> IO.println("what task " + task.id() + " waited for: " + problem));
        task.progress("waits");
        return stage;
    }

    /** By a callback on the slot that waits for it. */
    private CompletableFuture<@Nullable Object> nested(String job) {
        var stage = new CompletableFuture<@Nullable Object>();
        face.tasks().task(job, result -> stage.complete(Results.text(result)));
        return stage;
    }

    /** Once the gate is passed, which is when the task is over. */
    private @Nullable Object speakAfter(Task task, Command job) throws IOException, InterruptedException {
        Thread.ofVirtual().start(() -> {
            try {
                Gate.pass(gate, "after task " + task.id());
                IO.println("finished after task " + task.id() + ": " + refusal(() -> task.finish("late")));
                IO.println("progressed after task " + task.id() + ": " + refusal(() -> task.progress("late")));
            } catch (IOException e) {
                IO.println("no gate: " + e);
            }
        });
        return run(task, job);
    }

    private static String refusal(Runnable call) {
        try {
            call.run();
            return "not refused";
        } catch (IllegalStateException e) {
            return "refused, " + e.getMessage();
        }
    }

    private static void untilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            IO.println("interrupted: " + Thread.currentThread().getName());
        }
    }

    private static @Nullable Object finish(Runnable way) {
        way.run();
        return null;
    }

    private static long fd(Command job) {
        return Long.parseLong(job.next().verb());
    }

    /** Its codec never comes to an end with it. */
    static final class Unencodable {

        public Unencodable getSelf() {
            return this;
        }
    }
}
