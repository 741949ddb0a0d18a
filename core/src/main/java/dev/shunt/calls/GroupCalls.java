package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.data.Data;
import dev.shunt.http.ControlFrame;
import dev.shunt.question.Audience;
import dev.shunt.question.OfMembers;
import dev.shunt.question.Question;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Groups of connections and the users they belong to, in GatewayWorker's words, from any worker of any process. The manager
 * keeps them: they outlive the children that handle a connection, and end when it closes. What is sent to many is
 * encoded once. A connection for which too much waits goes without, and holds up no other; who sends is told how many got
 * it. Names are of 1 to 255 characters. In a child each call waits for the manager, as in {@link ConnectionCalls}.
 */
public interface GroupCalls {

    /** For this package. */
    FaceState<?> state();

    /**
     * A connection joins a group, which need not be made before. Twice is once.
     *
     * @return false if there is no open connection of that id
     * @throws IllegalStateException if it is in 1,000 groups already
     */
    default boolean joinGroup(long connectionId, String group) {
        return ask(new OfMembers.Join(connectionId, Names.checked("joinGroup", group)));
    }

    /** False if it was not in that group. */
    default boolean leaveGroup(long connectionId, String group) {
        return ask(new OfMembers.Leave(connectionId, Names.checked("leaveGroup", group)));
    }

    /** All leave a group; returns how many were in it. */
    default int ungroup(String group) {
        return ask(new OfMembers.Ungroup(Names.checked("ungroup", group)));
    }

    /** From now on a connection is that user's, and no other's. A user may have many. False if there is none of that id. */
    default boolean bindUid(long connectionId, String uid) {
        return ask(new OfMembers.Bind(connectionId, Names.checked("bindUid", uid)));
    }

    /** False if it was not that user's. */
    default boolean unbindUid(long connectionId, String uid) {
        return ask(new OfMembers.Unbind(connectionId, Names.checked("unbindUid", uid)));
    }

    /**
     * Sends to all connections of the program but these; requests of HTTP are none. With a bus, to those of all nodes.
     *
     * @return how many of this node have taken it: the others had too much waiting
     */
    default int sendToAll(Object message, long... exceptIds) {
        return sendToAll(message, LongStream.of(exceptIds).boxed().toList());
    }

    default int sendToAll(Object message, Collection<Long> exceptIds) {
        return send(new Audience.All(), message, exceptIds);
    }

    /** As {@link #sendToAll}, to those in a group. */
    default int sendToGroup(String group, Object message, long... exceptIds) {
        return sendToGroup(group, message, LongStream.of(exceptIds).boxed().toList());
    }

    default int sendToGroup(String group, Object message, Collection<Long> exceptIds) {
        return send(new Audience.Group(Names.checked("sendToGroup", group)), message, exceptIds);
    }

    /** As {@link #sendToAll}, to all connections of a user. */
    default int sendToUid(String uid, Object message, long... exceptIds) {
        return sendToUid(uid, message, LongStream.of(exceptIds).boxed().toList());
    }

    default int sendToUid(String uid, Object message, Collection<Long> exceptIds) {
        return send(new Audience.User(Names.checked("sendToUid", uid)), message, exceptIds);
    }

    private int send(Audience to, Object message, Collection<Long> exceptIds) {
        if (message instanceof ControlFrame frame) {
            throw new IllegalArgumentException(
                    "a " + frame.type() + " is sent to one connection, where that is handled:"
                            + " connection.send(...); for silent ones there is WebSocketProtocol.withPingInterval");
        }
        return ask(new OfMembers.Send(to, Data.of(message).encoded(), List.copyOf(exceptIds)));
    }

    /** As {@link ProgramCalls#send}. */
    default boolean sendToClient(long connectionId, Object message) {
        return state().engine().send(connectionId, message);
    }

    /** As {@link ProgramCalls#close(long)}. */
    default boolean closeClient(long connectionId) {
        return state().engine().close(connectionId);
    }

    /** Whether a user has an open connection. */
    default boolean isUidOnline(String uid) {
        return ask(new OfMembers.Count(new Audience.User(Names.checked("isUidOnline", uid)))) > 0;
    }

    /** The user a connection is bound to. */
    default Optional<String> getUidByClientId(long connectionId) {
        return ask(new OfMembers.UidOf(connectionId));
    }

    /** The connections of a user, in the order of their ids. */
    default List<Long> getClientIdByUid(String uid) {
        return ask(new OfMembers.Ids(new Audience.User(Names.checked("getClientIdByUid", uid))));
    }

    /** Those in a group, in the order of their ids. */
    default List<Long> getClientIdListByGroup(String group) {
        return ask(new OfMembers.Ids(new Audience.Group(Names.checked("getClientIdListByGroup", group))));
    }

    default int getClientIdCountByGroup(String group) {
        return ask(new OfMembers.Count(new Audience.Group(Names.checked("getClientIdCountByGroup", group))));
    }

    /** All that {@link #sendToAll} sends to, in the order of their ids. */
    default List<Long> getAllClientIdList() {
        return ask(new OfMembers.Ids(new Audience.All()));
    }

    default int getAllClientIdCount() {
        return ask(new OfMembers.Count(new Audience.All()));
    }

    /** Users with a connection in that group, each once, in the order of their names. */
    default List<String> getUidListByGroup(String group) {
        return ask(new OfMembers.UidsIn(Names.checked("getUidListByGroup", group)));
    }

    default int getUidCountByGroup(String group) {
        return getUidListByGroup(group).size();
    }

    /** Users with an open connection, each once, in the order of their names. */
    default List<String> getAllUidList() {
        return Stream.iterate(
                        uids("", ConnectionCalls.PAGE),
                        page -> !page.isEmpty(),
                        page -> page.size() < ConnectionCalls.PAGE
                                ? List.<String>of()
                                : uids(page.getLast(), ConnectionCalls.PAGE))
                .flatMap(List::stream)
                .toList();
    }

    private List<String> uids(String after, int limit) {
        return ask(new OfMembers.Uids(after, limit));
    }

    default int getAllUidCount() {
        return ask(new OfMembers.UidCount());
    }

    /** Groups that somebody is in, in the order of their names. */
    default List<String> getAllGroupIdList() {
        return List.copyOf(groups().keySet());
    }

    /** How many connections are in each group, in the order of their names. */
    default Map<String, Integer> groups() {
        var all = new LinkedHashMap<String, Integer>();
        var page = groups("", ConnectionCalls.PAGE);
        all.putAll(page);
        while (page.size() == ConnectionCalls.PAGE) {
            page = groups(all.sequencedKeySet().getLast(), ConnectionCalls.PAGE);
            all.putAll(page);
        }
        return all;
    }

    /** One page of {@link #groups()}: up to {@code limit} with names above {@code after}; empty for the first. */
    default Map<String, Integer> groups(String after, int limit) {
        return ask(new OfMembers.Groups(after, Check.count("groups", limit, 1, "a page has at least one")));
    }

    /**
     * Keeps these fields with a connection, and no others; every process sees them, until it closes. Values are what {@link
     * Data#of} takes.
     *
     * @return false if there is no open connection of that id
     * @throws IllegalStateException if they are more than 64 KiB
     */
    default boolean setSession(long connectionId, Map<String, ?> fields) {
        return ask(new OfMembers.Keep(connectionId, Names.encoded(state(), "setSession", fields), true));
    }

    /** As {@link #setSession}; fields that are not named stay. */
    default boolean updateSession(long connectionId, Map<String, ?> fields) {
        return ask(new OfMembers.Keep(connectionId, Names.encoded(state(), "updateSession", fields), false));
    }

    /** What is kept with a connection, by name; nothing if there is none of that id. */
    default Optional<Map<String, Data>> getSession(long connectionId) {
        var codec = state().codec();
        return ask(new OfMembers.Kept(connectionId)).map(kept -> {
            var fields = new TreeMap<String, Data>();
            kept.forEach((name, value) -> fields.put(name, value.with(codec)));
            return fields;
        });
    }

    private <R> R ask(Question<R> question) {
        return state().engine().ask(question);
    }
}
