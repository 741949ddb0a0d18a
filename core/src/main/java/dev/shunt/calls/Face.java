package dev.shunt.calls;

import dev.shunt.engine.Engine;

/** What a face answers its {@link FaceState}. */
public interface Face {

    /** Throws {@link IllegalStateException} unless it runs; says what to do. */
    @SuppressWarnings("exports") // programs call faces, and not this
    Engine engine();

    /** Called with the name of a call before it takes effect; throws if the program has started. */
    void setting(String call);

    /** As {@link #setting}, for what is about tasks; throws also if this face cannot run any. */
    void declaring(String call);

    /** Called before something is asked of tasks; throws if this face runs none. */
    void asking();
}
