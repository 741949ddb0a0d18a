package dev.shunt.plan;

/** Called on a slot's own thread when it starts or stops. */
@FunctionalInterface
public interface SlotHandler {

    SlotHandler NONE = _ -> {};

    void on(Slot slot) throws Exception;
}
