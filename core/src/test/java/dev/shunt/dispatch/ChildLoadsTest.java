package dev.shunt.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ChildLoadsTest {

    private final ChildLoads<String> children = new ChildLoads<>(List.of(2, 1, 3));

    @Test
    void slots_areNumberedThroughAllPlaces() {
        assertThat(children.slots()).isEqualTo(6);
        assertThat(List.of(0, 1, 2, 3, 4, 5).stream().map(children::placeOf)).containsExactly(0, 0, 1, 2, 2, 2);
        assertThat(children.firstSlot(2)).isEqualTo(3);
        assertThat(children.slotsOf(2)).isEqualTo(3);
    }

    @Test
    void holderOf_isFound_whileItServesAndWhileItLeaves() {
        var work = Work.task("task", RunPolicy.NONE);
        assertThat(children.holderOf(work)).isNull();
        children.add(0, 0);
        var child = children.add(1, 0);
        work.leased(child.give(work), 0);
        assertThat(children.holderOf(work)).isSameAs(child);
        children.leaves(child);
        assertThat(children.serving(1)).isNull();
        assertThat(children.holderOf(work)).isSameAs(child);
        children.remove(child);
        assertThat(children.holderOf(work)).isNull();
    }

    @Test
    void holderOf_anotherChildWithTheSameLeaseNumber_isNotIt() {
        var first = children.add(0, 0);
        var second = children.add(2, 0);
        var one = Work.task("one", RunPolicy.NONE);
        var two = Work.task("two", RunPolicy.NONE);
        one.leased(first.give(one), 0);
        two.leased(second.give(two), 1);
        assertThat(two.lease()).isEqualTo(one.lease());
        assertThat(children.holderOf(one)).isSameAs(first);
        assertThat(children.holderOf(two)).isSameAs(second);
        assertThat(children.leased().map(Work::item)).containsExactly("one", "two");
    }

    @Test
    void running_countsThoseThatLeave_idleSlotsDoNot() {
        var child = children.add(0, 0);
        children.add(1, 0);
        assertThat(children.idleSlots()).isEqualTo(3);
        var work = Work.task("task", RunPolicy.NONE);
        work.leased(child.give(work), 0);
        assertThat(children.running()).isEqualTo(1);
        assertThat(children.idleSlots()).isEqualTo(2);
        children.leaves(child);
        assertThat(children.running()).isEqualTo(1);
        assertThat(children.idleSlots()).isEqualTo(1);
        assertThat(children.all()).contains(child);
        children.remove(child);
        assertThat(children.running()).isZero();
        assertThat(children.all()).doesNotContain(child);
    }

    @Test
    void idlest_prefersIdleSlots_andIsNoneWhenAllAreTaken() {
        var small = children.add(1, 0);
        var large = children.add(2, 0);
        for (int i = 0; i < 4; i++) {
            var child = Objects.requireNonNull(children.idlest(0));
            var work = Work.task("task", RunPolicy.NONE);
            work.leased(child.give(work), i);
        }
        assertThat(small.leases().size()).isEqualTo(1);
        assertThat(large.leases().size()).isEqualTo(3);
        assertThat(children.idlest(100))
                .as("nothing is prefetched before a first run")
                .isNull();
        large.settled();
        assertThat(children.idlest(100)).isSameAs(large);
    }

    @Test
    void runLessThanTheyCould_isOfThoseThatServe() {
        assertThat(children.runLessThanTheyCould()).isFalse();
        var child = children.add(1, 0);
        assertThat(children.runLessThanTheyCould()).isTrue();
        var first = Work.task("first", RunPolicy.NONE);
        var second = Work.task("second", RunPolicy.NONE);
        first.leased(child.give(first), 0);
        second.leased(child.give(second), 1);
        assertThat(children.runLessThanTheyCould()).isFalse();
        child.close(first.lease());
        assertThat(children.runLessThanTheyCould()).isFalse();
        child.close(second.lease());
        assertThat(children.runLessThanTheyCould()).isTrue();
        children.leaves(child);
        assertThat(children.runLessThanTheyCould()).isFalse();
        children.remove(child);
        children.add(1, 0);
        assertThat(children.runLessThanTheyCould()).isTrue();
    }
}
