package dev.shunt.control;

import dev.shunt.check.Check;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which dead letters: those of which all that is given is so.
 *
 * @param ids these, if any are given
 * @param type exactly
 * @param error contained in the reason
 * @param text contained in the payload
 * @param since died then or later
 * @param cause of a group, as {@link DeadPage.Group#cause} has it
 */
public record DeadFilter(
        Set<Long> ids,
        Optional<String> type,
        Optional<String> error,
        Optional<String> text,
        Optional<Instant> since,
        Optional<String> cause) {

    /** A request may name so many. */
    public static final int MAX_IDS = 10_000;

    public static final DeadFilter ALL =
            new DeadFilter(Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public DeadFilter {
        ids = Set.copyOf(Check.all("ids", ids));
        Check.given("type", type);
        Check.given("error", error);
        Check.given("text", text);
        Check.given("since", since);
        Check.given("cause", cause);
    }

    /** Of any cause. */
    public DeadFilter(
            Set<Long> ids,
            Optional<String> type,
            Optional<String> error,
            Optional<String> text,
            Optional<Instant> since) {
        this(ids, type, error, text, since, Optional.empty());
    }

    public static DeadFilter ofIds(Set<Long> ids) {
        return new DeadFilter(ids, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** For people. */
    @Override
    public String toString() {
        if (!ids.isEmpty()) {
            return ids.size() == 1 ? "dead letter " + ids.iterator().next() : ids.size() + " dead letters";
        }
        var text = new StringBuilder("dead letters");
        type.ifPresent(value -> text.append(" of type '").append(value).append('\''));
        error.ifPresent(value -> text.append(" with error '").append(value).append('\''));
        this.text.ifPresent(value -> text.append(" with text '").append(value).append('\''));
        since.ifPresent(value -> text.append(" since ").append(value));
        cause.ifPresent(value -> text.append(" of cause ").append(value));
        return text.length() == "dead letters".length() ? "all dead letters" : text.toString();
    }
}
