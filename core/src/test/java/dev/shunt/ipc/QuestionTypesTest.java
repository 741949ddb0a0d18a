package dev.shunt.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.net.ConnectionInfo;
import dev.shunt.question.OfConnections;
import dev.shunt.question.Question;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
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
                new Case(new OfConnections.Abort(7), false));
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
