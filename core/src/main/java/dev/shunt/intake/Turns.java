package dev.shunt.intake;

import dev.shunt.intake.Pending.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to enter dispatch: under its unique key, then under its ordering key. A task of this run has none
 * before all of an earlier run is known. Owned by the {@link Intake}, which it tells what enters and what is held.
 */
final class Turns<T extends Submitted> implements Seen.Keys<T> {

    private final Intake<T> intake;
    private final Handover<T> handover;
    private final UniqueClaims<T> claims;
    private final KeyOrder<T> order = new KeyOrder<>(pending -> pending.key);

    Turns(Intake<T> intake, Handover<T> handover) {
        this.intake = intake;
        this.handover = handover;
        this.claims = new UniqueClaims<>(intake::endSoon, handover);
    }

    /** False if another one has its unique key, and it is to be dropped. */
    boolean accepts(Pending<T> pending) {
        return claims.accepts(pending, intake.isRecovered());
    }

    /** Others of its keys are before it, or may be. */
    boolean areBefore(Pending<T> pending) {
        return claims.waits(pending)
                || (pending.key != null
                        && (order.first(pending.key) != null
                                || !intake.isRecovered()
                                || handover.holdsOrderingKey(pending.key)));
    }

    /** It waits for nothing but the one whose result it gets. */
    boolean joins(Pending<T> pending) {
        return claims.joins(pending);
    }

    /** It is in memory, or in the store if it must be. */
    void kept(Pending<T> pending) {
        claims.kept(pending);
    }

    /** It has its place under its ordering key from now on, whenever it takes its turn. */
    void keepPlace(Pending<T> pending) {
        order.add(pending);
    }

    boolean hasPlace(Pending<T> pending) {
        return order.has(pending);
    }

    /** It enters now, or when it is its turn. */
    void take(Pending<T> pending) {
        if (!claims.hasTurn(pending)) {
            holdForUniqueKey(pending);
        } else if (pending.key == null || claims.joins(pending) || passes(pending)) {
            intake.enter(pending);
            goOn();
            proceed(pending.key);
        } else {
            order.add(pending);
            intake.hold(pending);
            proceed(pending.key);
        }
        goOn();
    }

    /** None of its ordering key is before it. */
    private boolean passes(Pending<T> pending) {
        var first = order.first(pending.key);
        if (first == null || first == pending) {
            return pending.first || intake.isRecovered();
        }
        return pending.first && !first.first;
    }

    /** Its place under its ordering key is found when it has that, or when it is known that nothing else has. */
    private void holdForUniqueKey(Pending<T> pending) {
        intake.hold(pending);
        if (claims.isUndecided(pending)) {
            order.add(pending);
        } else {
            order.remove(pending);
            proceed(pending.key);
        }
    }

    /** Those that have their turn now. */
    private void proceed(@Nullable String key) {
        Pending<T> next = order.first(key);
        while (next != null && next.state() == State.HELD && mayEnter(next)) {
            intake.enter(next);
            goOn();
            next = order.first(key);
        }
    }

    private boolean mayEnter(Pending<T> next) {
        return !intake.isStopping() && (next.first || intake.isRecovered()) && claims.hasTurn(next);
    }

    private void goOn() {
        if (!intake.isStopping()) {
            claims.goOn(this::take);
        }
    }

    /** It waits for no turn any more. */
    void leave(Pending<T> pending) {
        order.remove(pending);
        claims.leave(pending);
    }

    /** Before one leaves that is over and has not entered: what ends with it. */
    List<Pending<T>> endWith(Pending<T> pending, NotEntered why) {
        return claims.endWith(pending, why);
    }

    /** One has left that has not entered. */
    void left(Pending<T> pending) {
        goOn();
        proceed(pending.key);
    }

    /** All of an earlier run is known. */
    void recovered() {
        claims.recovered(intake::dropped, this::claimed);
        order.keys().forEach(this::proceed);
        goOn();
    }

    private void claimed(Pending<T> pending) {
        State state = pending.state();
        if (state == State.NOT_DUE || state == State.HELD || state == State.SPILLED) {
            claims.kept(pending);
        }
        if (state == State.HELD && !claims.hasTurn(pending)) {
            order.remove(pending);
        } else if (state == State.NOT_DUE && claims.joins(pending)) {
            intake.hold(pending);
        }
    }

    /** Those that wait for their turn, and others that have a place. */
    List<Pending<T>> all() {
        var all = new ArrayList<Pending<T>>();
        lines().forEach(all::addAll);
        return all;
    }

    /** One for each key, in no order; they change when their tasks do. */
    @Override
    public List<Collection<Pending<T>>> lines() {
        var lines = new ArrayList<Collection<Pending<T>>>(order.lines());
        lines.addAll(claims.lines());
        return lines;
    }

    @Override
    public boolean isTaken(String uniqueKey) {
        return claims.isTaken(uniqueKey);
    }

    int orderingKeys() {
        return order.size();
    }

    int uniqueKeys() {
        return claims.size();
    }

    /** As {@link Intake#sizes}. */
    Map<String, Long> sizes() {
        return Map.of("ordering keys", (long) orderingKeys(), "unique keys", (long) uniqueKeys());
    }
}
