package dev.shunt.tests.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.Shunt;
import dev.shunt.pool.TaskPool;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import dev.shunt.testing.Programs;
import dev.shunt.testkit.ManualPool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page on task pools. */
@Tag("processes")
class TaskPoolPageTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void firstProgram_endsWithAllThatWasAskedFor() {
        var program = programs.start(Thumbnails.class);
        assertThat(program.exitCode()).isZero();
        assertThat(program.lines())
                .contains("made lake.jpg, 100 wide")
                .anyMatch(line -> line.matches("task \\d+ cleans /tmp/thumbnails"))
                .anyMatch(line -> line.matches("heard of Done\\[taskId=\\d+, data=made sea.jpg, 200 wide, context=]"));
        assertThat(program.complaints()).isEmpty();
    }

    @Test
    void aThumbnail_isMadeAgain_ifItsProcessDies() {
        try (var manual = ManualPool.start(Thumbnails.pool())) {
            manual.engine().loseNext();
            var thumbnail =
                    manual.pool().submit(new Thumbnails.Thumbnail("sea.jpg", 200), TaskOptions.DEFAULT.retries(1));
            assertThat(manual.engine().await(thumbnail)).isInstanceOf(Result.Done.class);
        }
    }

    /** On the page, and run by PoolHttp. */
    static void atTheEnd(TaskPool pool) {
        Runtime.getRuntime().addShutdownHook(new Thread(pool::close));
    }

    static void inMain() {
        if (!Shunt.isChild()) {
            startWebServer();
        }
    }

    private static void startWebServer() {}
}
