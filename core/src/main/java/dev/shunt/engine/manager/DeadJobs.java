package dev.shunt.engine.manager;

import dev.shunt.control.ControlException;
import dev.shunt.control.ControlPort.DeadAction;
import dev.shunt.control.Done;
import dev.shunt.control.JobInfo;
import dev.shunt.log.Log;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;

/**
 * What is done with many dead letters: one job after the other, on a thread of its own, each over the letters that matched
 * when it was asked for. Safe for use by any thread.
 */
final class DeadJobs {

    private static final Logger LOG = Log.of(DeadJobs.class);
    private static final int AT_ONCE = 64;
    private static final int MAX_KEPT = 50;
    static final int MAX_WAITING = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ManagerParts parts;
    private final OnMain main;
    private final ExecutorService thread;
    private final Deque<Job> jobs = new ArrayDeque<>();
    private long last;

    DeadJobs(ManagerParts parts, OnMain main, ExecutorService thread) {
        this.parts = parts;
        this.main = main;
        this.thread = thread;
    }

    /** One of them. */
    private final class Job implements Runnable {

        private final long number;
        private final DeadAction action;
        private final String actor;
        private final int matched;
        private final List<Done.Problem> problems = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Done.Letters> over = new CompletableFuture<>();
        private volatile List<Long> ids;
        private volatile String state = "waiting";
        private volatile boolean stopped;
        private volatile long done;

        Job(long number, DeadAction action, String actor, List<Long> ids) {
            this.number = number;
            this.action = action;
            this.actor = actor;
            this.ids = ids;
            matched = ids.size();
        }

        @Override
        public void run() {
            state = "running";
            try {
                for (int from = 0; from < ids.size() && !stopped; from += AT_ONCE) {
                    doSome(ids.subList(from, Math.min(ids.size(), from + AT_ONCE)));
                }
                state = stopped ? "stopped" : "done";
                over.complete(soFar());
            } catch (RuntimeException | Error e) {
                state = "failed";
                LOG.error("job {} has failed after {} of {} dead letters", number, done, matched, e);
                over.completeExceptionally(e);
            } finally {
                ids = List.of();
            }
        }

        Done.Letters soFar() {
            return Done.ofLetters(matched, done, List.copyOf(problems), stopped);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // others read it only
        private void doSome(List<Long> some) {
            var answers = main.<List<CompletableFuture<Boolean>>>ask(
                    () -> some.stream().map(this::begin).toList());
            long more = 0;
            for (int i = 0; i < some.size(); i++) {
                try {
                    more += answers.get(i).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS) ? 1 : 0;
                } catch (ExecutionException e) {
                    problem(some.get(i), why(e));
                } catch (TimeoutException e) {
                    problem(some.get(i), "the task log has not answered within " + PATIENCE.toSeconds() + " s");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    stopped = true;
                }
            }
            done += more;
        }

        private static String why(ExecutionException problem) {
            var cause = problem.getCause();
            return String.valueOf(cause == null ? problem.getMessage() : cause.getMessage());
        }

        private CompletableFuture<Boolean> begin(long id) {
            var answer = new CompletableFuture<Boolean>();
            switch (action) {
                case RERUN -> parts.letters().rerun(id, answer);
                case DISCARD -> parts.letters().discard(id, answer);
            }
            return answer;
        }

        private void problem(long id, String why) {
            if (problems.size() < Done.MAX_PROBLEMS) {
                problems.add(new Done.Problem(id, why));
            }
        }

        JobInfo seen() {
            return new JobInfo(
                    number,
                    action.name().toLowerCase(Locale.ROOT),
                    actor,
                    matched,
                    done,
                    state,
                    problems.isEmpty() ? null : List.copyOf(problems));
        }
    }

    /**
     * @param wait until it is over
     * @param over told of it if nobody waits
     */
    Done act(DeadAction action, List<Long> ids, boolean wait, String actor, BiConsumer<Long, Done.Letters> over) {
        Job job;
        synchronized (jobs) {
            if (jobs.stream().filter(one -> !one.over.isDone()).count() >= MAX_WAITING) {
                throw ControlException.unavailable(
                        MAX_WAITING + " jobs are not over yet; wait for one, or stop one of them");
            }
            job = new Job(++last, action, actor, ids);
            jobs.addFirst(job);
            if (jobs.size() > MAX_KEPT) {
                forgetOne();
            }
        }
        try {
            thread.execute(job);
        } catch (RejectedExecutionException e) {
            throw ControlException.unavailable("the program has stopped");
        }
        if (wait) {
            return result(job);
        }
        var _ = job.over.whenComplete(
                (ended, problem) -> over.accept(job.number, problem == null ? ended : job.soFar()));
        return new Done.Begun(ids.size(), 0, job.number);
    }

    /** The oldest that is over: the others can be stopped. */
    private void forgetOne() {
        for (var oldest = jobs.descendingIterator(); oldest.hasNext(); ) {
            if (oldest.next().over.isDone()) {
                oldest.remove();
                return;
            }
        }
    }

    private static Done.Letters result(Job job) {
        try {
            return job.over.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ControlException.unavailable("the program stops");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        }
    }

    List<JobInfo> seen() {
        synchronized (jobs) {
            return jobs.stream().map(Job::seen).toList();
        }
    }

    /** False if it is over. */
    boolean stop(long number) {
        synchronized (jobs) {
            var job = jobs.stream()
                    .filter(one -> one.number == number)
                    .findFirst()
                    .orElseThrow(() -> ControlException.notFound("there is no job " + number));
            boolean ends = !job.over.isDone() && !job.stopped;
            job.stopped = true;
            return ends;
        }
    }
}
