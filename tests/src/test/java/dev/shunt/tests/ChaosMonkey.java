package dev.shunt.tests;

import dev.shunt.testing.Program;
import dev.shunt.testing.Signals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Does to the children of a program what it must bear: one thing at each {@link #step}. */
final class ChaosMonkey implements AutoCloseable {

    private final Program program;
    private final Random random;
    private final Supplier<Set<Long>> workers;
    private final boolean freezes;
    private final List<ProcessHandle> paused = new ArrayList<>();
    private final Set<ProcessHandle> frozen = new HashSet<>();
    private final Map<String, Integer> done = new TreeMap<>();

    /**
     * @param workers processes that have run tasks
     * @param freezes whether some are stopped for good, which takes the manager seconds to notice
     */
    ChaosMonkey(Program program, Random random, Supplier<Set<Long>> workers, boolean freezes) {
        this.program = program;
        this.random = random;
        this.workers = workers;
        this.freezes = freezes;
    }

    void step() {
        goOn();
        var children = program.children();
        if (children.isEmpty()) {
            return;
        }
        var child = children.get(random.nextInt(children.size()));
        int what = random.nextInt(20);
        if (what < 6) {
            send("KILL", child);
        } else if (what < 12) {
            if (send("STOP", child)) {
                paused.add(child);
            }
        } else if (what < 14) {
            freezeAWorker();
        } else if (what < 16) {
            send("TERM", child);
        } else if (what < 17) {
            signal("USR1");
        } else if (what < 18) {
            signal("USR2");
        }
    }

    /** What was only paused runs on. */
    void goOn() {
        paused.stream().filter(ProcessHandle::isAlive).forEach(child -> send("CONT", child));
        paused.clear();
    }

    /** Those stopped for good that are still there. */
    Set<Long> frozen() {
        frozen.removeIf(child -> !child.isAlive());
        var pids = new HashSet<Long>();
        frozen.forEach(child -> pids.add(child.pid()));
        return pids;
    }

    /** What it has done how often. */
    Map<String, Integer> done() {
        return done;
    }

    private void freezeAWorker() {
        if (!freezes || !frozen().isEmpty()) {
            return;
        }
        var working = workers.get();
        var candidates = program.children().stream()
                .filter(child -> working.contains(child.pid()))
                .toList();
        if (!candidates.isEmpty()) {
            var child = candidates.get(random.nextInt(candidates.size()));
            if (send("STOP", child)) {
                frozen.add(child);
                done.merge("STOP for good", 1, Integer::sum);
            }
        }
    }

    private void signal(String name) {
        Signals.send(name, program.pid());
        done.merge(name, 1, Integer::sum);
    }

    /** False if it was gone before it could be told. */
    private boolean send(String name, ProcessHandle child) {
        if (!"CONT".equals(name) && !child.isAlive()) {
            return false;
        }
        try {
            Signals.send(name, child.pid());
            done.merge(name, 1, Integer::sum);
            return true;
        } catch (AssertionError e) {
            if (child.isAlive()) {
                throw e;
            }
            return false;
        }
    }

    @Override
    public void close() {
        goOn();
    }
}
