package dev.shunt.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number with one writing thread that any thread may read: a plain add without a locked instruction. */
public final class Counter {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through VALUE
    private long value;

    public void add(long delta) {
        VALUE.setOpaque(this, (long) VALUE.get(this) + delta);
    }

    public void increment() {
        add(1);
    }

    public long value() {
        return (long) VALUE.getOpaque(this);
    }
}
