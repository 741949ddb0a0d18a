package dev.shunt.postgres;

import dev.shunt.task.Outcome;
import dev.shunt.task.TaskOptions;
import dev.shunt.task.TaskQueue.Answer;
import dev.shunt.task.TaskQueue.Occurrence;
import dev.shunt.task.TaskQueue.SharedTask;
import dev.shunt.task.Unique;
import dev.shunt.time.Nanos;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts tasks in, within somebody's transaction. One that is there already, by its id, stays as it is. */
@SuppressWarnings("EnumOrdinal") // priorities keep their order for ever
final class Offers {

    /** More than this would be a holder that ends and comes again and again. */
    private static final int MOST_TRIES = 20;

    private static final String INSERT = """
            insert into task(id, state, prio, type, due, deadline, asker, holder, ukey, uwait, okey, laned, followed,
              source, options, data, tick, missed)
            select id, state::"char", prio, type,
              coalesce(to_timestamp(at / 1000.0), clock_timestamp() + delay * interval '1 microsecond'),
              clock_timestamp() + deadline * interval '1 microsecond',
              asker, holder, ukey, uwait, okey, laned, followed, source, options, data,
              to_timestamp(tick / 1000.0), missed
            from unnest(?::bigint[], ?::text[], ?::int[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[],
              ?::bigint[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::boolean[], ?::int[], ?::bytea[], ?::bytea[],
              ?::bigint[], ?::boolean[])
              as e(id, state, prio, type, at, delay, deadline, asker, holder, ukey, uwait, okey, laned, followed, source,
                options, data, tick, missed)
            on conflict do nothing returning id""";

    static final String HOLDER = "select id from task where ukey = ? for update";

    /** How one is put in. */
    private record Place(
            SharedTask task,
            int asker,
            String state,
            @Nullable Long holder,
            @Nullable String uwait) {

        TaskOptions options() {
            return task.options();
        }

        /** That of a holder. */
        @Nullable String ukey() {
            return state.equals("u") || state.equals("j")
                    ? null
                    : options().unique().map(Unique::key).orElse(null);
        }

        @Nullable Long tick() {
            var due = task.due();
            return due == null ? null : due.dueMillis();
        }

        boolean isMissed() {
            var due = task.due();
            return due != null && due.missed();
        }

        boolean isLaned() {
            return state.equals("k");
        }
    }

    private final Connection connection;
    private final Signals signals;
    private final Gates gates;

    Offers(Connection connection, Signals signals) {
        this.connection = connection;
        this.signals = signals;
        this.gates = new Gates(connection, signals);
    }

    /** @return what is refused, by its id */
    Map<Long, Answer> offer(List<SharedTask> tasks, int asker) throws SQLException {
        var refused = new HashMap<Long, Answer>();
        for (var task : tasks) {
            if (task.due() != null && !new DueSchedules(connection).submit(task.due(), asker) && !isThere(task.id())) {
                refused.put(task.id(), new Answer.Refused("another node has submitted the task of this time"));
            }
        }
        var places = tasks.stream()
                .filter(task -> !refused.containsKey(task.id()))
                .map(task -> plain(task, asker))
                .toList();
        var inserted = insert(places);
        for (var place : places) {
            if (!inserted.contains(place.task().id()) && place.ukey() != null) {
                var answer = keyTaken(place, 0);
                if (answer != null) {
                    refused.put(place.task().id(), answer);
                }
            }
        }
        return refused;
    }

    private static Place plain(SharedTask task, int asker) {
        var options = task.options();
        boolean waits = !options.delay().isZero() || options.at().isPresent();
        var state = waits ? "w" : options.orderingKey().isPresent() ? "k" : "r";
        return new Place(task, asker, state, null, null);
    }

    private Set<Long> insert(List<Place> places) throws SQLException {
        var inserted = new HashSet<Long>();
        try (var statement = connection.prepareStatement(INSERT)) {
            int i = 1;
            statement.setArray(
                    i++, Columns.longs(connection, places, p -> p.task().id()));
            statement.setArray(i++, Columns.texts(connection, places, Place::state));
            statement.setArray(
                    i++,
                    Columns.ints(connection, places, p -> p.options().priority().ordinal()));
            statement.setArray(
                    i++, Columns.texts(connection, places, p -> p.task().type()));
            statement.setArray(i++, Columns.optionalLongs(connection, places, Offers::at));
            statement.setArray(i++, Columns.optionalLongs(connection, places, Offers::delayMicros));
            statement.setArray(i++, Columns.optionalLongs(connection, places, Offers::deadlineMicros));
            statement.setArray(i++, Columns.ints(connection, places, Place::asker));
            statement.setArray(i++, Columns.optionalLongs(connection, places, Place::holder));
            statement.setArray(i++, Columns.texts(connection, places, Place::ukey));
            statement.setArray(i++, Columns.texts(connection, places, Place::uwait));
            statement.setArray(
                    i++,
                    Columns.texts(
                            connection, places, p -> p.options().orderingKey().orElse(null)));
            statement.setArray(i++, Columns.booleans(connection, places, Place::isLaned));
            statement.setArray(
                    i++, Columns.booleans(connection, places, p -> p.task().followed()));
            statement.setArray(
                    i++, Columns.ints(connection, places, p -> p.task().source()));
            statement.setArray(i++, Columns.bytes(connection, places, p -> Bytes.of(p.options())));
            statement.setArray(
                    i++,
                    Columns.bytes(connection, places, p -> Bytes.of(p.task().data())));
            statement.setArray(i++, Columns.optionalLongs(connection, places, Place::tick));
            statement.setArray(i, Columns.booleans(connection, places, Place::isMissed));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    inserted.add(rows.getLong(1));
                }
            }
        }
        var comers = new ArrayList<Gates.Comer>();
        for (var place : places) {
            if (inserted.contains(place.task().id())) {
                switch (place.state()) {
                    case "k" ->
                        comers.add(new Gates.Comer(
                                place.task().id(), place.options().orderingKey().orElseThrow()));
                    case "r" -> signals.ready();
                    default -> {}
                }
            }
        }
        gates.enterLanes(comers);
        return inserted;
    }

    private static @Nullable Long at(Place place) {
        return place.options()
                .at()
                .map(time -> time.plusNanos(999_999).toEpochMilli())
                .orElse(null);
    }

    private static @Nullable Long delayMicros(Place place) {
        var delay = place.options().delay();
        return delay.isZero() ? null : Nanos.of(delay) / 1_000;
    }

    private static @Nullable Long deadlineMicros(Place place) {
        return place.options()
                .deadline()
                .map(deadline -> Math.max(1, Nanos.of(deadline) / 1_000))
                .orElse(null);
    }

    // Unique keys

    /** Its key is held, or it is there already. Null unless it is refused. */
    private @Nullable Answer keyTaken(Place place, int tries) throws SQLException {
        if (isThere(place.task().id())) {
            return null;
        }
        var unique = place.options().unique().orElseThrow();
        Long holder = lockHolder(unique.key());
        if (holder == null) {
            if (tries > MOST_TRIES) {
                throw new SQLException(
                        "the unique key '" + unique.key() + "' is taken and given up all the time", "40001");
            }
            return insert(List.of(place)).isEmpty() ? keyTaken(place, tries + 1) : null;
        }
        switch (unique.policy()) {
            case DROP -> {
                return dropped(place, unique.key(), holder);
            }
            case JOIN -> insert(List.of(new Place(place.task(), place.asker(), "j", holder, null)));
            case REPLACE -> replace(place, unique.key(), holder);
        }
        return null;
    }

    private @Nullable Answer dropped(Place place, String key, long holder) throws SQLException {
        var occurrence = place.task().due();
        if (occurrence == null || !key.equals(Occurrence.key(occurrence.schedule()))) {
            return new Answer.Refused("a task with the unique key '" + key + "' is not over yet");
        }
        var line = new Line(connection, key);
        var refused = line.refuses(holder, occurrence.missed());
        if (refused == null) {
            insert(List.of(new Place(place.task(), place.asker(), "u", null, null)));
            line.enter(place.task().id());
        }
        return refused;
    }

    private boolean isThere(long id) throws SQLException {
        try (var statement = connection.prepareStatement("select 1 from task where id = ?")) {
            statement.setLong(1, id);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** So that it does not end before whoever waits for that is in. */
    private @Nullable Long lockHolder(String key) throws SQLException {
        try (var statement = connection.prepareStatement(HOLDER)) {
            statement.setString(1, key);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : null;
            }
        }
    }

    private void replace(Place place, String key, long holder) throws SQLException {
        var before = new ArrayList<Long>();
        try (var statement = connection.prepareStatement("select id from task where uwait = ?")) {
            statement.setString(1, key);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    before.add(rows.getLong(1));
                }
            }
        }
        gates.endWaiting(before, Outcome.CANCELLED.ordinal(), new byte[0]);
        insert(List.of(new Place(place.task(), place.asker(), "u", null, key)));
        new Cancels(connection, signals).cancel(List.of(holder));
    }
}
