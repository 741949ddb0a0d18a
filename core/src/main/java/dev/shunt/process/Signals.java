package dev.shunt.process;

import static java.lang.invoke.MethodType.genericMethodType;
import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import dev.shunt.log.Log;

/**
 * Signals of the operating system. Where a signal does not exist, or the JVM keeps it for itself, asking for it does
 * nothing. A signal that this process was started to ignore (as {@code nohup} does with HUP) stays ignored. The only
 * class that sees {@code sun.misc.Signal}.
 */
public final class Signals {

    private static final Logger LOG = Log.of(Signals.class);
    private static final @Nullable SunMiscSignal SIGNAL = SunMiscSignal.link();

    private Signals() {}

    /**
     * Runs the action, on a thread of its own, each time the signal arrives; closed, what there was before is put back.
     */
    public static Registration on(String name, Runnable action) {
        if (SIGNAL == null) {
            return () -> {};
        }
        var api = SIGNAL;
        try {
            var signal = api.named.apply(name);
            var previous = api.handle(signal, api.handler(action));
            return () -> api.handle(signal, previous);
        } catch (IllegalArgumentException e) {
            LOG.debug("SIG{} is not handled here: {}", name, e.getMessage());
            return () -> {};
        }
    }

    /** A handler that stands until it is closed. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
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

        @SuppressWarnings("unused") // linked above
        private static void run(Runnable action, Object signal) {
            action.run();
        }
    }
}
