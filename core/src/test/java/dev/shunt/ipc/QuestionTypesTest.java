package dev.shunt.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import dev.shunt.net.ConnectionInfo;
import dev.shunt.question.Audience;
import dev.shunt.question.OfConnections;
import dev.shunt.question.OfMembers;
import dev.shunt.question.OfSlots;
import dev.shunt.question.OfTables;
import dev.shunt.question.OfTopics;
import dev.shunt.question.Question;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Questions and their answers between processes. */
class QuestionTypesTest {

    private static final ConnectionInfo INFO = new ConnectionInfo(
            7,
            "[::1]:65535",
            "127.0.0.1:1",
            "websocket",
            Instant.ofEpochMilli(1),
            Instant.ofEpochMilli(Long.MAX_VALUE),
            2,
            3,
            4,
            "Zoë",
            List.of("", "lobby"));

    record Case(Question<?> question, Object answer) {}

    static Stream<Case> cases() {
        return Stream.of(
                new Case(new OfConnections.Page(Long.MAX_VALUE, 1), List.of(INFO, INFO)),
                new Case(new OfConnections.Info(7), Optional.of(INFO)),
                new Case(new OfConnections.Info(-7), Optional.empty()),
                new Case(new OfConnections.IsOpen(7), true),
                new Case(new OfConnections.Abort(7), false),
                new Case(new OfMembers.Join(7, "lobby"), true),
                new Case(new OfMembers.Leave(7, "lobby"), false),
                new Case(new OfMembers.Ungroup("lobby"), 10_000),
                new Case(new OfMembers.Bind(7, "Zoë"), true),
                new Case(new OfMembers.Unbind(7, "Zoë"), false),
                new Case(new OfMembers.Send(new Audience.All(), Data.of("hi"), List.of(1L, 2L)), 3),
                new Case(new OfMembers.Send(new Audience.Group("lobby"), Data.of(new byte[] {1}), List.of()), 0),
                new Case(new OfMembers.Ids(new Audience.User("Zoë")), List.of(1L, Long.MAX_VALUE)),
                new Case(new OfMembers.Count(new Audience.All()), 3),
                new Case(new OfMembers.UidOf(7), Optional.of("Zoë")),
                new Case(new OfMembers.Uids("", 10), List.of("Zoë")),
                new Case(new OfMembers.UidsIn("lobby"), List.of()),
                new Case(new OfMembers.UidCount(), 1),
                new Case(new OfMembers.Groups("", 10), Map.of("lobby", 2)),
                new Case(new OfMembers.Keep(7, Map.of("name", Data.of("Zoë")), true), true),
                new Case(
                        new OfMembers.Kept(7),
                        Optional.of(Map.of("age", Data.of(7).encoded()))),
                new Case(new OfMembers.Kept(8), Optional.empty()),
                new Case(new OfTables.Get("t", "k"), Optional.of(Data.of("v"))),
                new Case(new OfTables.Put("t", "k", Data.of("v"), 1, true), true),
                new Case(new OfTables.CompareAndSet("t", "k", Optional.empty(), Data.of("v")), false),
                new Case(new OfTables.CompareAndSet("t", "k", Optional.of(Data.of("u")), Data.of("v")), true),
                new Case(new OfTables.Increment("t", "k", -1), Long.MIN_VALUE),
                new Case(new OfTables.Remove("t", "k"), true),
                new Case(new OfTables.Keys("t", "k", 1), List.of("l")),
                new Case(new OfTables.Size("t"), 1),
                new Case(new OfTopics.Publish("news", Data.of("it rains")), 2),
                new Case(new OfSlots.Count("task"), 4));
    }

    @Test
    void everyQuestion_isTested() {
        assertThat(cases().map(one -> one.question().getClass()).distinct()).hasSize(kinds(Question.class));
    }

    private static int kinds(Class<?> type) {
        Class<?>[] permitted = type.getPermittedSubclasses();
        return permitted == null
                ? 1
                : Stream.of(permitted).mapToInt(QuestionTypesTest::kinds).sum();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void questionAndAnswer_comeBackAsTheyWere(Case one) {
        var out = new FieldWriter();
        QuestionTypes.write(one.question(), out);
        var bytes = ByteBuffer.wrap(out.bytes(), 0, out.length());

        assertThat(QuestionTypes.read(bytes)).isEqualTo(one.question());
        assertThat(bytes.remaining()).isZero();
        assertThat(QuestionTypes.<Object>answerTo(untyped(one), QuestionTypes.answer(one.question(), one.answer())))
                .isEqualTo(one.answer());
    }

    @SuppressWarnings("unchecked")
    private static Question<Object> untyped(Case one) {
        return (Question<Object>) one.question();
    }

    @Test
    void unknownQuestion_isRefused() {
        assertThatThrownBy(() -> QuestionTypes.read(ByteBuffer.wrap(new byte[] {120})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a question of unknown type 120");
    }
}
