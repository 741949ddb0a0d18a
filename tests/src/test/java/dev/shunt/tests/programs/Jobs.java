package dev.shunt.tests.programs;

import dev.shunt.task.Task;
import dev.shunt.testing.Gate;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
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
            case "exit" -> finish(() -> System.exit(Integer.parseInt(job.rest())));
            case "halt" -> finish(() -> Runtime.getRuntime().halt(Integer.parseInt(job.rest())));
            case "oom" -> finish(Misdeeds::exhaustMemory);
            case "loop" -> finish(Misdeeds::loopForever);
            case "spin-millis" -> finish(() -> Misdeeds.spin(Duration.ofMillis(Integer.parseInt(job.rest()))));
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
