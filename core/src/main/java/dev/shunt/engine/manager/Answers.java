package dev.shunt.engine.manager;

import dev.shunt.data.Data;
import dev.shunt.fatal.FatalErrors;
import dev.shunt.ipc.Frame;
import dev.shunt.ipc.Payload;
import dev.shunt.ipc.QuestionTypes;
import dev.shunt.log.Log;
import dev.shunt.question.OfConnections;
import dev.shunt.question.OfMembers;
import dev.shunt.question.OfSlots;
import dev.shunt.question.OfTables;
import dev.shunt.question.OfTopics;
import dev.shunt.question.Question;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;

/** Answers what is asked about what all processes share, for any thread, at once. */
final class Answers {

    private static final Logger LOG = Log.of(Answers.class);

    private final Connections connections;
    private final SharedTables tables;
    private final Topics topics;
    private final ToIntFunction<String> slots;

    Answers(Connections connections, SharedTables tables, Topics topics, ToIntFunction<String> slots) {
        this.slots = slots;
        this.connections = connections;
        this.tables = tables;
        this.topics = topics;
    }

    Topics topics() {
        return topics;
    }

    /** @throws IllegalStateException if it cannot be answered */
    @SuppressWarnings("unchecked") // who answers a family of questions gives what each of them is declared to have
    <R> R to(Question<R> question) {
        return (R) answer(question);
    }

    /** For a child, which hears of a problem. */
    Frame.Told to(Frame.Ask ask) {
        try {
            return new Frame.Told(ask.number(), "", QuestionTypes.answer(ask.question(), answer(ask.question())));
        } catch (RuntimeException | Error e) {
            FatalErrors.letOn(e);
            LOG.debug("{} has no answer", ask.question(), e);
            String problem = Objects.requireNonNullElse(e.getMessage(), e.toString());
            return new Frame.Told(ask.number(), problem, Payload.inline(Data.empty()));
        }
    }

    private Object answer(Question<?> question) {
        return switch (question) {
            case OfConnections<?> asked -> connections.answer(asked);
            case OfMembers.Send message -> {
                var taken = connections.members().answer(message);
                connections.others().sendToMany(message);
                yield taken;
            }
            case OfMembers<?> asked -> connections.members().answer(asked);
            case OfTables<?> asked -> tables.answer(asked);
            case OfSlots.Count(String group) -> slots.applyAsInt(group);
            case OfTopics.Publish message -> {
                var processes = topics.answer(message);
                connections.others().publish(message);
                yield processes;
            }
        };
    }
}
