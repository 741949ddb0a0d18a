package dev.shunt.engine.manager;

/** A group of task slots, some of whose tasks nodes share. Lives on the main loop. */
record SharedGroup(Tasks tasks, GroupRun<TaskItem> run, Credit credit) {

    int slots() {
        return run.slots();
    }

    /** Slots that run something. */
    int busy() {
        return run.dispatcher().counts().running();
    }

    /** Tasks that are not shared, and run or wait for a slot. */
    int others() {
        var dispatcher = run.dispatcher();
        var counts = dispatcher.counts();
        return Math.max(0, counts.running() + counts.queued() - dispatcher.aside() - credit.held());
    }

    boolean handles(String type) {
        return tasks.group().tasks().orElseThrow().type(type).isPresent();
    }

    /** With these: what is handed to it now waits behind them. */
    boolean isFull() {
        return others() >= slots();
    }
}
