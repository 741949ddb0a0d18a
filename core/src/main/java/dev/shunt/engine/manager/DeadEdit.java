package dev.shunt.engine.manager;

import dev.shunt.control.ControlException;
import dev.shunt.control.Done;
import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.plan.TaskTypes;
import dev.shunt.task.DeadTask;
import dev.shunt.task.Durability;
import dev.shunt.task.Submission;
import dev.shunt.task.TaskHandle;
import java.util.concurrent.CompletableFuture;

/** Runs a dead letter again with another payload: a new task, and the letter is gone when that is stored. */
final class DeadEdit {

    private final ManagerParts parts;
    private final ManagerEngine engine;
    private final DeadLook dead;
    private final OnMain main;

    DeadEdit(ManagerParts parts, ManagerEngine engine, DeadLook dead, OnMain main) {
        this.parts = parts;
        this.engine = engine;
        this.dead = dead;
        this.main = main;
    }

    Done.Edited run(long id, Object payload) {
        var letter = dead.one(id)
                .orElseThrow(() -> ControlException.notFound(
                        "there is no dead letter " + id + "; what waits or runs cannot be edited"));
        var submission = submission(letter, payload);
        main.ask(() -> parts.letters().own().takenKey(letter)).ifPresent(taken -> {
            throw ControlException.conflict(String.valueOf(taken.getMessage()));
        });
        var handle = engine.start(submission);
        if (letter.task().options().durability() != Durability.MEMORY) {
            awaitStored(handle, id);
        }
        boolean gone = main.await(
                (CompletableFuture<Boolean> answer) -> parts.letters().discard(id, answer));
        return new Done.Edited(1, gone ? 1 : 0, handle.id());
    }

    private static void awaitStored(TaskHandle handle, long id) {
        try {
            OnMain.get(handle.stored().toCompletableFuture());
        } catch (ControlException e) {
            throw e;
        } catch (IllegalStateException e) {
            var why = e.getCause() == null ? e : e.getCause();
            throw ControlException.conflict("task " + id
                    + " stays a dead letter: the one with another payload was not taken: " + why.getMessage());
        }
    }

    private Submission submission(DeadTask letter, Object payload) {
        var types = parts.plan().taskTypes();
        var route = types.route(letter.task().type())
                .orElseThrow(() -> ControlException.conflict("dead letter " + letter.id() + " is of type '"
                        + letter.task().type() + "', for which this program has no handler"));
        var data = data(letter, payload, route);
        return new Submission(data, types.number(route), letter.task().options());
    }

    private Data data(DeadTask letter, Object payload, TaskTypes.Route route) {
        return switch (letter.task().data().kind()) {
            case TEXT -> {
                if (payload instanceof String text) {
                    yield Data.of(text);
                }
                throw ControlException.badRequest(
                        "the payload of dead letter " + letter.id() + " is a text; give a text");
            }
            case OBJECT -> {
                byte[] bytes = Codec.json().encode(payload);
                check(letter, bytes, route);
                yield Data.received(Data.Kind.OBJECT, bytes, Codec.json());
            }
            case BYTES ->
                throw ControlException.conflict("the payload of dead letter " + letter.id()
                        + " is bytes, which cannot be written as JSON; submit another task");
        };
    }

    /** Its handler is not to be given what is none of its type. */
    private void check(DeadTask letter, byte[] bytes, TaskTypes.Route route) {
        if (route.type() == Submission.UNTYPED) {
            return;
        }
        var spec = parts.plan().groups().get(route.group()).tasks().orElseThrow();
        var type = spec.typed().get(route.type()).type();
        try {
            var _ = Codec.json().decode(bytes, type);
        } catch (IllegalArgumentException e) {
            throw ControlException.badRequest(
                    "that is no payload for dead letter " + letter.id() + ": " + e.getMessage());
        }
    }
}
