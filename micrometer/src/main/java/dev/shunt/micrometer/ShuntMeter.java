package dev.shunt.micrometer;

import org.jspecify.annotations.Nullable;

/** What is measured; docs/metrics.md says the same with the tags. */
enum ShuntMeter {
    SUBMITTED("shunt.tasks.submitted", Kind.COUNTER, null, "tasks that were submitted"),
    RETRIED("shunt.tasks.retried", Kind.COUNTER, null, "attempts that were followed by another one"),
    ENDED("shunt.tasks.ended", Kind.COUNTER, null, "tasks that are over, by how they ended"),
    WAIT("shunt.task.wait", Kind.TIMER, null, "from when a task was due until its first attempt began"),
    RUN("shunt.task.run", Kind.TIMER, null, "one attempt, by how it ended"),
    TOTAL("shunt.task.total", Kind.TIMER, null, "from when a task was accepted until it was over"),
    QUEUED("shunt.tasks.queued", Kind.GAUGE, null, "tasks that have not started, delayed ones too"),
    RUNNING("shunt.tasks.running", Kind.GAUGE, null, "tasks that run"),
    DELAYED("shunt.tasks.delayed", Kind.GAUGE, null, "tasks that wait in memory for their time or their turn"),
    SPILLED("shunt.tasks.spilled", Kind.GAUGE, null, "tasks that wait in the log alone, as the queue is full"),
    DEAD("shunt.tasks.dead", Kind.GAUGE, null, "dead letters that are kept"),
    OLDEST("shunt.queue.oldest.age", Kind.GAUGE, "seconds", "how long the oldest task has waited since it was due"),
    LIMIT("shunt.queue.limit", Kind.GAUGE, null, "how many tasks may wait for a slot"),
    SLOTS("shunt.slots", Kind.GAUGE, null, "slots that run handlers"),
    BUSY("shunt.slots.busy", Kind.GAUGE, null, "slots that run something"),
    CHILDREN("shunt.children", Kind.GAUGE, null, "child processes that serve"),
    RESTARTS("shunt.children.restarts", Kind.COUNTER, null, "children that ended unasked, by why"),
    MEMORY("shunt.child.memory", Kind.GAUGE, "bytes", "memory of a child: resident, and its heap as it told last"),
    CPU("shunt.child.cpu", Kind.GAUGE, "seconds", "processor time that the child of a place has used since its start"),
    CONNECTIONS("shunt.connections", Kind.GAUGE, null, "connections that are open"),
    ACCEPTED("shunt.connections.accepted", Kind.COUNTER, null, "connections that were accepted"),
    CLOSED("shunt.connections.closed", Kind.COUNTER, null, "connections that have closed, by why"),
    MESSAGES("shunt.messages", Kind.COUNTER, null, "messages that were received"),
    LOG_APPEND("shunt.log.append", Kind.TIMER, null, "from when the task log was told of an entry until it had it"),
    LOG_TASKS("shunt.log.tasks", Kind.GAUGE, null, "tasks that the log keeps"),
    BUS_NODES("shunt.bus.nodes", Kind.GAUGE, null, "nodes that live on the bus, this one too"),
    BUS_REACHABLE("shunt.bus.reachable", Kind.GAUGE, null, "1 if the bus was reached last time, else 0"),
    BUS_MESSAGES("shunt.bus.messages", Kind.COUNTER, null, "messages to and from other nodes"),
    BUS_GAPS("shunt.bus.gaps", Kind.COUNTER, null, "messages of other nodes that did not come"),
    BUS_DROPPED("shunt.bus.dropped", Kind.COUNTER, null, "messages of this node that the bus did not take"),
    FIRED("shunt.schedule.fired", Kind.COUNTER, null, "times of a schedule, by whether its task was submitted"),
    LOOP_LAG("shunt.loop.lag", Kind.TIMER, null, "how late an event loop came to what was due, looked at each second");

    enum Kind {
        COUNTER,
        GAUGE,
        TIMER
    }

    private final String name;
    private final Kind kind;
    private final @Nullable String unit;
    private final String description;

    ShuntMeter(String name, Kind kind, @Nullable String unit, String description) {
        this.name = name;
        this.kind = kind;
        this.unit = unit;
        this.description = description;
    }

    String meterName() {
        return name;
    }

    Kind kind() {
        return kind;
    }

    @Nullable String unit() {
        return unit;
    }

    String description() {
        return description;
    }
}
