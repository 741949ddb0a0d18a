package dev.shunt.dispatch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a dispatcher wanted done, for a test to look at and to act on. */
final class RecordedEffects implements Effects<String> {

    record Given(ChildLoad<String> load, long lease, String payload) {
        int child() {
            return load.place();
        }
    }

    final List<Given> given = new ArrayList<>();
    final Map<String, Ending> ended = new LinkedHashMap<>();
    final Map<String, List<String>> joined = new LinkedHashMap<>();
    final List<String> takeBacks = new ArrayList<>();
    final List<Long> interrupted = new ArrayList<>();
    final List<Integer> replaced = new ArrayList<>();
    final List<String> retried = new ArrayList<>();
    boolean mayReplace = true;
    long runningNanos;

    @Override
    public void lease(ChildLoad<String> child, long lease, Work<String> work) {
        given.add(new Given(child, lease, work.payload()));
    }

    @Override
    public void takeBack(ChildLoad<String> child, int count) {
        takeBacks.add(child.place() + ":" + count);
    }

    @Override
    public void interrupt(ChildLoad<String> child, long lease) {
        interrupted.add(lease);
    }

    @Override
    public boolean replace(ChildLoad<String> child, String why) {
        replaced.add(child.place());
        return mayReplace;
    }

    @Override
    public long runningNanos(ChildLoad<String> child, long lease) {
        return runningNanos;
    }

    @Override
    public void retried(Work<String> work, long delayNanos) {
        retried.add(work.payload());
    }

    @Override
    public void ended(Work<String> work, Ending ending) {
        if (ended.put(work.payload(), ending) != null) {
            throw new AssertionError(work.payload() + " ended twice");
        }
        joined.put(work.payload(), work.joined().stream().map(Work::payload).toList());
    }

    Given last(String payload) {
        return given.reversed().stream()
                .filter(g -> g.payload().equals(payload))
                .findFirst()
                .orElseThrow(() -> new AssertionError(payload + " was never leased; " + given));
    }

    List<String> payloads(int child) {
        return given.stream()
                .filter(g -> g.child() == child)
                .map(Given::payload)
                .toList();
    }
}
