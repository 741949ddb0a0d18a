package dev.shunt.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static final String OPTION = "-Dshunt.start=";

    private final Starts starts = new Starts();

    @Test
    void startsAreKnown_byWhatTheyAre_theirThread_andHowManyItHadMade() throws InterruptedException {
        var first = starts.next("the server on a:1");
        var second = starts.next("the server on a:1");
        assertThat(first)
                .isEqualTo(new Start("the server on a:1", Thread.currentThread().getName(), 0));
        assertThat(second.before()).isEqualTo(1);
        assertThat(starts.next("the server on b:1").before()).isZero();
        Thread.ofPlatform()
                .name("other")
                .start(() ->
                        assertThat(starts.next("the server on a:1").before()).isZero())
                .join();
        assertThat(starts.next("the server on a:1").before()).isEqualTo(2);
    }

    @Test
    @SuppressWarnings("OrphanedFormatString") // an escape that is none
    void whatHasEnded_arrivesInTheChild_whateverItsNames() {
        var own = new Start("the server on [::1]:80", "main, äöü €\n", 3);
        var returned = starts.next("one");
        var failed = starts.next("two, three");
        var without = starts.next("four");
        starts.returned(returned);
        starts.threw(failed, new IllegalStateException("cannot start: a,b\n%2C ä"));
        starts.threw(without, new StackOverflowError());
        String option = starts.replay(own).option();
        assertThat(option).startsWith(OPTION).matches("[!-~]+");
        assertThat(Replay.parse(option.substring(OPTION.length())))
                .isEqualTo(new Replay(
                        own,
                        false,
                        Map.of(
                                returned, Replay.RETURNED,
                                failed, "cannot start: a,b\n%2C ä",
                                without, "java.lang.StackOverflowError")));
    }

    @Test
    void withNothingBefore_thereIsTheOwnStartAlone() {
        var own = starts.next("the workers");
        assertThat(Replay.parse(starts.replay(own).option().substring(OPTION.length())))
                .isEqualTo(new Replay(own, true, Map.of()));
    }

    @Test
    void theOnlyOne_mayBeOwn_underAnotherNameOfItsThread_butNoneOfSeveral() {
        var own = starts.next("the workers");
        var renamed = new Start("the workers", "other", 0);
        assertThat(starts.replay(own).mayBeOwn(renamed)).isTrue();
        assertThat(starts.replay(own).mayBeOwn(new Start("the server on a:1", own.thread(), 0)))
                .isFalse();
        starts.next("the server on a:1");
        assertThat(starts.replay(own).mayBeOwn(renamed)).isFalse();
    }
}
