package dev.shunt.engine;

import dev.shunt.plan.Plan;
import java.util.function.Consumer;

/** Decides what this process is. */
final class Start {

    private Start() {}

    static void run(Plan plan, Consumer<Engine> onEngine) {
        if (plan.groups().isEmpty()) {
            onEngine.accept(CurrentEngine.get());
        }
    }
}
