package dev.shunt.engine;

import dev.shunt.control.Asked;
import dev.shunt.control.Reply;
import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.data.TypeRef;
import dev.shunt.task.DeadTask;
import dev.shunt.task.OptionsFormat;
import dev.shunt.task.StoredTask;
import dev.shunt.task.TaskOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whole dead letters on their way to a child, beside the control API, whose own are for people. */
public final class DeadLettersWire {

    public static final String PATH = "/internal/dead-letters";

    private record Letter(
            long id,
            String type,
            Data.Kind kind,
            byte[] data,
            @Nullable String options,
            Data.Kind contextKind,
            byte[] context,
            int source,
            long acceptedAtMillis,
            int attempts,
            long dueAtMillis,
            int deaths,
            String outcome,
            String reason,
            long diedAtMillis) {

        static Letter of(DeadTask dead) {
            var task = dead.task();
            var data = task.data().encoded();
            var context = task.options().context().encoded();
            return new Letter(
                    dead.id(),
                    task.type(),
                    data.kind(),
                    data.bytes(),
                    OptionsFormat.write(task.options()),
                    context.kind(),
                    context.bytes(),
                    task.source(),
                    task.acceptedAtMillis(),
                    task.attempts(),
                    task.dueAtMillis(),
                    task.deaths(),
                    dead.outcome(),
                    dead.reason(),
                    dead.diedAtMillis());
        }

        DeadTask letter(Codec codec) {
            TaskOptions plain = OptionsFormat.read(options);
            var its = context.length == 0 ? plain : plain.context(Data.received(contextKind, context, codec));
            var task = new StoredTask(
                    id,
                    type,
                    Data.received(kind, data, codec),
                    its,
                    source,
                    acceptedAtMillis,
                    attempts,
                    dueAtMillis,
                    deaths);
            return new DeadTask(task, outcome, reason, diedAtMillis);
        }
    }

    private DeadLettersWire() {}

    public static Asked question(long afterId, int limit) {
        return new Asked(
                "GET",
                PATH,
                Map.of("after", String.valueOf(afterId), "limit", String.valueOf(limit)),
                new byte[0],
                "program");
    }

    public static long afterId(Asked asked) {
        return Long.parseLong(asked.query().getOrDefault("after", "-1"));
    }

    public static int limit(Asked asked) {
        return Integer.parseInt(asked.query().getOrDefault("limit", "1"));
    }

    public static Reply reply(List<DeadTask> letters) {
        return new Reply(
                200, Codec.json().encode(letters.stream().map(Letter::of).toList()));
    }

    public static List<DeadTask> letters(Reply reply, Codec codec) {
        if (reply.status() != 200) {
            throw new IllegalStateException(new String(reply.json(), java.nio.charset.StandardCharsets.UTF_8));
        }
        return Codec.json().decode(reply.json(), new TypeRef<List<Letter>>() {}).stream()
                .map(letter -> letter.letter(codec))
                .toList();
    }
}
