package dev.shunt.tests.guide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.server.Server;
import dev.shunt.sqlite.SqliteTaskLog;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.Result;
import dev.shunt.task.TaskOptions;
import dev.shunt.testkit.ManualEngine;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayloadsPageTest {

    record SendMail(String mailTo, int copies) {}

    /** What it was called before. */
    record WelcomeMail(String mailTo, int copies) {}

    record Times(Instant at, Optional<String> note) {}

    private final Server server = new Server("127.0.0.1", 0)
            .set(settings -> settings.taskWorkerNum(1))
            .onReceive((_, _) -> {});

    @Test
    void codec_isTheProgramsOwn() {
        var written = new ArrayList<String>();
        server.set(settings -> settings.codec(new SnakeCase()));
        server.answer(SendMail.class, (mail, task) -> {
            written.add(task.data().text());
            task.progress(new SendMail("progress", 0));
            return new SendMail(mail.mailTo(), mail.copies() + 1);
        });

        try (var engine = ManualEngine.of(server)) {
            var context = TaskOptions.DEFAULT.context(new SendMail("context", 3));
            var mail = server.submit(new SendMail("ann", 1), context);
            var progress = new ArrayList<String>();
            mail.progress(step -> progress.add(step.text()));
            var done = (Result.Done) engine.await(mail);

            assertThat(written).containsExactly("{\"mail_to\":\"ann\",\"copies\":1}");
            assertThat(done.data().text()).isEqualTo("{\"mail_to\":\"ann\",\"copies\":2}");
            assertThat(done.data().as(SendMail.class)).isEqualTo(new SendMail("ann", 2));
            assertThat(done.context().text()).isEqualTo("{\"mail_to\":\"context\",\"copies\":3}");
            assertThat(progress).containsExactly("{\"mail_to\":\"progress\",\"copies\":0}");
        }
    }

    @Test
    void failure_ofAProgramWithItsOwnCodec_isHeard() {
        server.set(settings -> settings.codec(new SnakeCase()));
        server.handle(SendMail.class, _ -> {
            throw new IllegalStateException("down");
        });

        try (var engine = ManualEngine.of(server)) {
            assertThat(engine.await(server.submit(new SendMail("ann", 1))))
                    .isInstanceOfSatisfying(
                            Result.Failed.class,
                            failed -> assertThat(failed.failure().message()).isEqualTo("down"));
        }
    }

    @Test
    void timesAndOptionals_needNothing() {
        var times = new Times(Instant.parse("2026-01-02T03:04:05.678Z"), Optional.of("now"));
        server.answer(Times.class, given -> given);

        try (var engine = ManualEngine.of(server)) {
            var done = (Result.Done) engine.await(server.submit(times));
            assertThat(done.data().text()).isEqualTo("{\"at\":\"2026-01-02T03:04:05.678Z\",\"note\":\"now\"}");
            assertThat(done.data().as(Times.class)).isEqualTo(times);
        }
    }

    @Test
    void numberThatIsMissing_failsTheTask_withItsName() {
        server.onTask(task -> task.data().as(SendMail.class));

        try (var engine = ManualEngine.of(server)) {
            var stored = "{\"mailTo\":\"ann\"}".getBytes(UTF_8);
            var task = server.submit(Data.received(Data.Kind.OBJECT, stored, Codec.json()));
            assertThat(engine.await(task))
                    .isInstanceOfSatisfying(
                            Result.Failed.class,
                            failed -> assertThat(failed.failure().message())
                                    .contains("SendMail")
                                    .contains("'copies'")
                                    .endsWith(", at copies"));
        }
        var list = "[{\"mailTo\":\"ann\",\"copies\":1},{\"mailTo\":\"bob\",\"copies\":null}]".getBytes(UTF_8);
        assertThatThrownBy(() -> Codec.json().decode(list, SendMail[].class)).hasMessageEndingWith(", at [1].copies");
        assertThat(Codec.json().decode("{\"copies\":1}".getBytes(UTF_8), SendMail.class))
                .extracting(SendMail::mailTo, SendMail::copies)
                .containsExactly(null, 1);
    }

    @Test
    void typeThatWasRenamed_isFoundByItsFormerName(@TempDir Path directory) throws Exception {
        var file = directory.resolve("queue.db");
        var heard = new CompletableFuture<Result>();
        server.set(settings -> settings.taskLog(SqliteTaskLog.at(file)));
        server.handle(WelcomeMail.class, _ -> {
            throw new IllegalStateException("down");
        });
        try (var _ = new RunningServer(server)) {
            var durable = TaskOptions.DEFAULT.durability(Durability.DISK);
            server.submit(new WelcomeMail("ann", 1), durable).result().thenAccept(heard::complete);
            assertThat(heard.get(60, TimeUnit.SECONDS)).isInstanceOf(Result.Failed.class);
        }

        var later = new Server("127.0.0.1", 0).set(settings -> settings.taskWorkerNum(1));
        later.onReceive((_, _) -> {});
        later.set(settings -> settings.taskLog(SqliteTaskLog.at(file)));
        var sent = new CompletableFuture<SendMail>();
        later.handle(SendMail.class, mail -> sent.complete(mail));
        later.alias(SendMail.class, WelcomeMail.class.getName()); // as the log has it
        try (var _ = new RunningServer(later)) {
            List<DeadTask> letters =
                    later.deadTasks(-1, 10).toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(letters.getFirst().task().data().as(SendMail.class)).isEqualTo(new SendMail("ann", 1));
            later.rerunDeadTask(letters.getFirst().id());
            assertThat(sent.get(60, TimeUnit.SECONDS)).isEqualTo(new SendMail("ann", 1));
        }
    }

    @Test
    void alias_thatMeansNothing_isRefused() {
        server.handle(SendMail.class, _ -> {}).handle(Times.class, _ -> {});
        server.alias(SendMail.class, "Old");

        assertThatThrownBy(() -> server.alias(Times.class, "Old")).hasMessageContaining("'Old' is a former name of");
        server.alias(WelcomeMail.class, "Older");
        assertThatThrownBy(() -> ManualEngine.of(server)).hasMessageContaining("have no handler");
    }
}
