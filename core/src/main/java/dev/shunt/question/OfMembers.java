package dev.shunt.question;

import dev.shunt.data.Data;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** About groups of connections, whose they are, and what the program keeps with them. */
public sealed interface OfMembers<R> extends Question<R> {

    /** False if that connection is not open. */
    record Join(long id, String group) implements OfMembers<Boolean> {}

    /** False if it was not in it. */
    record Leave(long id, String group) implements OfMembers<Boolean> {}

    /** Nobody is in it any more; how many were. */
    record Ungroup(String group) implements OfMembers<Integer> {}

    /** From now on a connection is this user's and no other's; false if it is not open. */
    record Bind(long id, String uid) implements OfMembers<Boolean> {}

    /** False if it was not that user's. */
    record Unbind(long id, String uid) implements OfMembers<Boolean> {}

    /** How many connections have taken it; the others had too much waiting. */
    record Send(Audience to, Data message, List<Long> except) implements OfMembers<Integer> {}

    /** Ids, in their order. */
    record Ids(Audience of) implements OfMembers<List<Long>> {}

    record Count(Audience of) implements OfMembers<Integer> {}

    record UidOf(long id) implements OfMembers<Optional<String>> {}

    /** Users with an open connection, in the order of their names, from the first after {@code after} on. */
    record Uids(String after, int limit) implements OfMembers<List<String>> {}

    /** Those with a connection in that group, in the order of their names. */
    record UidsIn(String group) implements OfMembers<List<String>> {}

    record UidCount() implements OfMembers<Integer> {}

    /** How many are in each group, in the order of their names, from the first after {@code after} on. */
    record Groups(String after, int limit) implements OfMembers<Map<String, Integer>> {}

    /**
     * Keeps fields with a connection, until it closes; false if it is not open.
     *
     * @param only whether what was kept before is forgotten
     */
    record Keep(long id, Map<String, Data> fields, boolean only) implements OfMembers<Boolean> {}

    /** What is kept with a connection; nothing if it is not open. */
    record Kept(long id) implements OfMembers<Optional<Map<String, Data>>> {}
}
