package dev.shunt.worker;

import dev.shunt.calls.Face;
import dev.shunt.engine.Engine;

/** What a worker answers the calls that it shares with other faces. */
record WorkerFace(WorkerSettings worker) implements Face {

    @Override
    public Engine engine() {
        return Program.engine();
    }

    @Override
    public void setting(String call) {
        worker.refuseLate(call);
    }

    @Override
    public void declaring(String call) {
        worker.refuseLate(call);
        worker.endpoint().ifPresent(endpoint -> {
            throw new IllegalStateException(call + " on worker " + endpoint
                    + ", which listens; tasks are for a worker of their own: new Worker().name(\"tasks\")." + call
                    + "(...)");
        });
    }

    @Override
    public void asking() {
        if (worker.tasks.isEmpty()) {
            throw new IllegalStateException("worker " + worker.groupName()
                    + " runs no tasks; give it onTask, or submit to the worker that has one");
        }
    }
}
