package dev.shunt.task;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;

/**
 * A task to be run.
 *
 * @param type which of the declared types it is: of all groups before it has come to one, then of that group, or {@link
 *     #UNTYPED}
 */
public record Submission(Data data, int type, TaskOptions options) {

    /** For {@code onTask}. */
    public static final int UNTYPED = -1;

    public static Submission untyped(Data data, TaskOptions options) {
        return new Submission(data, UNTYPED, options);
    }

    /** The same task, whose objects that codec encodes. */
    @SuppressWarnings("ReferenceEquality") // nearly always it is the very same
    public Submission with(Codec codec) {
        var context = options.context();
        var coded = context.isEmpty() ? context : context.with(codec);
        var payload = data.with(codec);
        boolean same = payload == data && coded == context;
        return same ? this : new Submission(payload, type, coded == context ? options : options.context(coded));
    }

    /** The same task with its objects as bytes; throws {@link IllegalArgumentException} if they cannot be. */
    @SuppressWarnings("ReferenceEquality") // nearly always it is the very same
    public Submission portable() {
        var payload = data.portable();
        var context = options.context().portable();
        boolean same = payload == data && context == options.context();
        return same ? this : new Submission(payload, type, options.context(context));
    }

    /** The same task with its payload and context as bytes; throws {@link IllegalArgumentException} if they cannot be. */
    @SuppressWarnings("ReferenceEquality") // often it is the very same
    public Submission encoded() {
        var context = options.context();
        var payload = data.encoded();
        boolean same = payload == data && context.isEmpty();
        return same
                ? this
                : new Submission(payload, type, context.isEmpty() ? options : options.context(context.encoded()));
    }
}
