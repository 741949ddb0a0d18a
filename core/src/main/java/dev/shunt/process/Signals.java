package dev.shunt.process;

import static java.lang.invoke.MethodType.genericMethodType;
import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/**
 * Signals of the operating system, each of which goes to all in this JVM who have asked for it. Where a signal does not
 * exist, or the JVM keeps it for itself, asking for it does nothing. A signal that this process was started to ignore (as
 * {@code nohup} does with HUP) stays ignored. The only class that sees {@code sun.misc.Signal}. Safe for use by any thread.
 */
public final class Signals {

    private static final Logger LOG = Log.of(Signals.class);
    private static final @Nullable SunMiscSignal SIGNAL = SunMiscSignal.link();

    /** By name; like the handlers themselves, one for the whole process. */
    private static final Map<String, SharedSignal> HANDLED = new ConcurrentHashMap<>();

    private Signals() {}

    /**
     * Runs the action each time the signal arrives, on a thread of the signal's own, after those of others who asked
     * before. When all are closed, what there was before is put back, unless somebody else has taken the signal since.
     */
    public static Registration on(String name, Runnable action) {
        if (SIGNAL == null) {
            return Registration.NONE;
        }
        var api = SIGNAL;
        try {
            var shared = HANDLED.computeIfAbsent(name, _ -> new SharedSignal(api, api.named.apply(name)));
            return shared.add(action);
        } catch (IllegalArgumentException e) {
            LOG.debug("SIG{} is not handled here: {}", name, e.getMessage());
            return Registration.NONE;
        }
    }

    /** An action that stands until it is closed. */
    public interface Registration extends AutoCloseable {

        Registration NONE = new Registration() {
            @Override
            public boolean isOfTheProgram() {
                return false;
            }

            @Override
            public void passOn() {}

            @Override
            public void close() {}
        };

        /** Who had the signal before is the program's own code, not the JVM's. */
        boolean isOfTheProgram();

        /** Once it is closed: does what would have been done about the signal before. */
        void passOn();

        @Override
        void close();
    }

    /** One signal, and all who have asked for it. */
    private static final class SharedSignal {

        private final SunMiscSignal api;
        private final Object signal;
        private final Object handler;
        private final List<Runnable> actions = new CopyOnWriteArrayList<>();
        private final AtomicBoolean passing = new AtomicBoolean();

        /** Whoever had it before; null until it is handled for the first time. */
        private volatile @Nullable Object before;

        SharedSignal(SunMiscSignal api, Object signal) {
            this.api = api;
            this.signal = signal;
            this.handler = api.handler(this::arrived);
        }

        synchronized Registration add(Runnable action) {
            if (actions.isEmpty()) {
                before = api.handle(signal, handler);
            }
            actions.add(action);
            return new Registration() {
                @Override
                public boolean isOfTheProgram() {
                    var present = before;
                    return present != null && !present.getClass().getName().startsWith("sun.misc.");
                }

                @Override
                public void passOn() {
                    SharedSignal.this.passOn();
                }

                @Override
                public void close() {
                    remove(action);
                }
            };
        }

        private synchronized void remove(Runnable action) {
            if (actions.remove(action) && actions.isEmpty() && before != null) {
                Object present = api.handle(signal, before);
                if (!handler.equals(present)) {
                    api.handle(signal, present);
                }
            }
        }

        /** Nobody has asked, and it comes all the same: from one who took the signal since, and hands it on. */
        private void arrived() {
            if (actions.isEmpty()) {
                passOn();
            }
            actions.forEach(Runnable::run);
        }

        private void passOn() {
            var next = before;
            if (next != null && passing.compareAndSet(false, true)) { // not in a circle
                try {
                    api.pass(next, signal);
                } finally {
                    passing.set(false);
                }
            }
        }
    }

    /**
     * {@code new Signal(name)}, a {@code SignalHandler}, {@code Signal.handle}. javac warns about these names and
     * cannot be kept from it, so they are linked here the way javac links lambdas: 3 ms, where a reflective proxy takes
     * 30 of the time that every child needs to start.
     */
    private record SunMiscSignal(
            Function<String, Object> named, BinaryOperator<Object> handleMethod, MethodHandle handlerOf) {

        @SuppressWarnings("unchecked")
        static @Nullable SunMiscSignal link() {
            try {
                var lookup = MethodHandles.lookup();
                var signal = Class.forName("sun.misc.Signal");
                var handler = Class.forName("sun.misc.SignalHandler");
                var constructor = lookup.findConstructor(signal, methodType(void.class, String.class));
                var handle = lookup.findStatic(signal, "handle", methodType(handler, signal, handler));
                var run = lookup.findStatic(
                        SunMiscSignal.class, "run", methodType(void.class, Runnable.class, Object.class));
                var handlerOf = LambdaMetafactory.metafactory(
                        lookup,
                        "handle",
                        methodType(handler, Runnable.class),
                        methodType(void.class, signal),
                        run,
                        methodType(void.class, signal));
                return new SunMiscSignal(
                        (Function<String, Object>) as(Function.class, lookup, constructor),
                        (BinaryOperator<Object>) as(BinaryOperator.class, lookup, handle),
                        handlerOf.getTarget());
            } catch (Throwable e) {
                LOG.warn("this JVM has no sun.misc.Signal, so signals are not handled: {}", e.toString());
                return null;
            }
        }

        private static Object as(Class<?> type, MethodHandles.Lookup lookup, MethodHandle target) throws Throwable {
            var erased = genericMethodType(target.type().parameterCount());
            var site = LambdaMetafactory.metafactory(lookup, "apply", methodType(type), erased, target, target.type());
            return site.getTarget().invoke();
        }

        Object handler(Runnable action) {
            try {
                return handlerOf.invoke(action);
            } catch (Throwable e) {
                throw new IllegalStateException("a lambda could not be made", e);
            }
        }

        Object handle(Object signal, Object handler) {
            return handleMethod.apply(signal, handler);
        }

        /** Has a handler do its part; one that is the system's own, and not code, by the system. */
        void pass(Object before, Object signal) {
            try {
                var type = Class.forName("sun.misc.Signal");
                var handle = MethodHandles.lookup()
                        .findVirtual(Class.forName("sun.misc.SignalHandler"), "handle", methodType(void.class, type));
                try {
                    handle.invoke(before, signal);
                } catch (UnsupportedOperationException e) {
                    MethodHandles.lookup()
                            .findStatic(type, "raise", methodType(void.class, type))
                            .invoke(signal);
                }
            } catch (Throwable e) { // the program's own code, or none there
                LOG.error("the signal could not be passed on to {}", before, e);
            }
        }

        @SuppressWarnings("unused") // linked above
        private static void run(Runnable action, Object signal) {
            action.run();
        }
    }
}
