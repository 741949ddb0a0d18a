package dev.shunt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.shunt.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoopWatchTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(LoopWatch.class);
    private final Level before = logger.getLevel();
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final LoopWatch watch = new LoopWatch(Clock.system());

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        said.start();
        logger.addAppender(said);
    }

    @AfterEach
    void noLonger() {
        logger.detachAppender(said);
        logger.setLevel(before);
    }

    private void warn(String kind, int millis) {
        watch.warn(kind, "the " + kind, Duration.ofMillis(millis).toNanos());
    }

    private List<String> lines() {
        return said.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    @Test
    void firstOfAKind_isSaid_andIsAWarningOnlyIfItTakesLong() {
        warn("timer", 150);
        warn("handler", 350);
        assertThat(lines()).hasSize(2);
        assertThat(lines().getFirst()).startsWith("INFO the timer held up its event loop for 150 ms, once");
        assertThat(lines().getLast())
                .startsWith("WARN the handler held up its event loop for 350 ms (1 slow runs so far)");
    }

    @Test
    void secondOfAKind_isAWarning_furtherOnesAreCounted() {
        for (int i = 0; i < 5; i++) {
            warn("timer", 150);
        }
        assertThat(lines()).hasSize(2);
        assertThat(lines().getLast()).startsWith("WARN the timer held up").contains("(2 slow runs so far)");
    }
}
