package dev.shunt.engine.manager;

import dev.shunt.task.TaskQueue;
import dev.shunt.task.TaskQueue.NodeInfo;
import dev.shunt.task.TaskQueue.SharedTask;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Nodes beside this one with slots that run nothing, as they said with their last beat: ready tasks are left to them, and so is
 * what waits here behind other tasks. Lives on the main loop.
 */
final class IdleNodes {

    /** What has waited here for so long need not where others have slots free. */
    static final long WAITS_NANOS = Duration.ofSeconds(1).toNanos();

    /** What they have not taken for so many beats they will not take: its type may be paused there, or its group be full. */
    private static final int LEFT_TO_THEM = 3;

    /** Who has said nothing for longer may be gone. */
    private static final double SILENT_SECONDS = 3;

    private static final int REMEMBERED = 10_000;

    private List<NodeInfo> idle = List.of();
    private final Map<Integer, Integer> slots = new HashMap<>();
    private int beatsWithReady;

    /** Tasks that were left to them, the latest. */
    private final Set<Long> left = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    /** @param own whether this node handles a type */
    void beat(TaskQueue queue, Predicate<String> own) {
        idle = queue.nodes().stream()
                .filter(node -> node.node() != queue.node() && node.beatSeconds() < SILENT_SECONDS && slots(node) > 0)
                .filter(node -> node.types().stream().anyMatch(own))
                .toList();
        slots.clear();
        idle.forEach(node -> slots.put(node.node(), slots(node)));
        beatsWithReady = queue.counts().ready() > 0 ? beatsWithReady + 1 : 0;
    }

    private static int slots(NodeInfo node) {
        return node.load().slots() - node.load().busy();
    }

    /** They are expected to run what is ready. */
    boolean takeWhatIsReady() {
        return !idle.isEmpty() && beatsWithReady <= LEFT_TO_THEM;
    }

    /** Leaves a task to a slot of theirs; false if there is none for its type, or it was left to them before. */
    boolean take(SharedTask task) {
        for (var node : idle) {
            int free = slots.getOrDefault(node.node(), 0);
            if (free > 0 && node.types().contains(task.type())) {
                boolean first = left.add(task.id());
                slots.put(node.node(), first ? free - 1 : free);
                return first;
            }
        }
        return false;
    }
}
