package dev.shunt.dispatch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a dispatcher wanted done, for a test to look at and to act on. */
final class RecordedEffects implements Effects<String> {

    record Given(ChildLoad<String> load, long lease, String item) {
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
        given.add(new Given(child, lease, work.item()));
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
    public boolean wornOut(ChildLoad<String> child) {
        replaced.add(child.place());
        return mayReplace;
    }

    @Override
    public void broke(Work<String> work, Throwable problem) {
        throw new AssertionError(work + " broke", problem);
    }

    @Override
    public long runningNanos(ChildLoad<String> child, long lease) {
        return runningNanos;
    }

    @Override
    public void retried(Work<String> work, long delayNanos) {
        retried.add(work.item());
    }

    @Override
    public void ended(Work<String> work, Ending ending) {
        if (ended.put(work.item(), ending) != null) {
            throw new AssertionError(work.item() + " ended twice");
        }
        joined.put(work.item(), work.joined().stream().map(Work::item).toList());
    }

    Given last(String item) {
        return given.reversed().stream()
                .filter(g -> g.item().equals(item))
                .findFirst()
                .orElseThrow(() -> new AssertionError(item + " was never leased; " + given));
    }

    List<String> items(int child) {
        return given.stream().filter(g -> g.child() == child).map(Given::item).toList();
    }
}
