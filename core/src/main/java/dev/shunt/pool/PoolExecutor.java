package dev.shunt.pool;

import dev.shunt.data.Data;
import dev.shunt.data.TypeRef;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A pool as an executor of what can be sent. What a {@code Callable} returns is read as its class says. */
final class PoolExecutor extends AbstractExecutorService {

    private final TaskPool pool;

    PoolExecutor(TaskPool pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
        if (task instanceof SentTask<?> sent) {
            sent.run();
        } else {
            this.<@Nullable Object>sent(task, _ -> null).run();
        }
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable task, T value) {
        return sent(task, _ -> value);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // it is what the class of the task says
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> task) {
        return sent(task, data -> (T) value(data, resultType(task.getClass())));
    }

    private <T extends @Nullable Object> SentTask<T> sent(Object task, Function<? super Data, ? extends T> value) {
        if (!pool.isOpen()) {
            throw new RejectedExecutionException(pool + " is closed and takes no more tasks");
        }
        if (!pool.hasHandler(task.getClass())) {
            throw new RejectedExecutionException(
                    "a " + task.getClass().getName() + " cannot be sent to a child: " + pool
                            + " has no handler for it. Make it a record that implements Callable or Runnable, and declare it with"
                            + " answer(Type.class, Type::call) or handle(Type.class, Type::run)");
        }
        return new SentTask<>(() -> pool.submit(task), value);
    }

    private static Type resultType(Class<?> task) {
        try {
            return task.getMethod("call").getGenericReturnType();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e); // it is a Callable
        }
    }

    private static @Nullable Object value(Data data, Type type) {
        if (type.equals(Void.class) || (data.isEmpty() && !type.equals(String.class))) {
            return null;
        }
        return type instanceof Class<?> plain ? data.as(plain) : data.as(TypeRef.of(type));
    }

    /** All are sent; the first that ends well is the answer, and the others are cancelled. */
    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        try {
            return invokeAny(tasks, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        var all = new ArrayList<Future<T>>();
        var first = new CompletableFuture<T>();
        try {
            var heard = new ArrayList<CompletableFuture<?>>();
            for (var task : tasks) {
                var future = (SentTask<T>) newTaskFor(task);
                all.add(future);
                heard.add(future.thenAccept(first::complete));
                execute(future);
            }
            var _ = CompletableFuture.allOf(heard.toArray(CompletableFuture[]::new))
                    .whenComplete((_, problem) -> completeIfNone(first, problem));
            return first.get(timeout, unit);
        } finally {
            all.forEach(future -> future.cancel(true));
        }
    }

    private static void completeIfNone(CompletableFuture<?> first, @Nullable Throwable problem) {
        var cause = problem == null || problem.getCause() == null ? problem : problem.getCause();
        first.completeExceptionally(cause == null ? new IllegalArgumentException("no tasks") : cause);
    }

    @Override
    public void shutdown() {
        pool.beginClose();
    }

    /** What waits is rejected, which its future says: nothing is given back. */
    @Override
    public List<Runnable> shutdownNow() {
        pool.beginCloseNow();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return !pool.isOpen();
    }

    @Override
    public boolean isTerminated() {
        return pool.hasEnded();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return pool.hasEndedWithin(Duration.ofNanos(unit.toNanos(timeout)));
    }
}
