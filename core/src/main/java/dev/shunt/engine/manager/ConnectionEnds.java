package dev.shunt.engine.manager;

import dev.shunt.dispatch.Work;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.WorkKind;
import dev.shunt.log.Log;
import dev.shunt.log.StackTrace;
import dev.shunt.task.Outcome;
import java.util.Locale;
import org.slf4j.Logger;

/** What the end of a handler's run means for its connection. Lives on the main loop. */
final class ConnectionEnds implements GroupRun.Ends<ConnectionWork> {

    private static final Logger LOG = Log.of(ConnectionEnds.class);

    private final GroupRun<ConnectionWork> run;
    private final Runnable workEnded;

    /** @param workEnded called after each end */
    ConnectionEnds(GroupRun<ConnectionWork> run, Runnable workEnded) {
        this.run = run;
        this.workEnded = workEnded;
    }

    @Override
    public boolean isWanted(ConnectionWork item) {
        return switch (item) {
            case DispatchedConnection.Event event -> event.connection().wants(event.kind());
            case DispatchedPacket _ -> true;
        };
    }

    /** Before the next one has its turn. */
    @Override
    public void broke(ConnectionWork item) {
        if (item instanceof DispatchedConnection.Event event) {
            event.connection().broke();
        }
    }

    /** Its handler has ended, well or not, or never will. */
    @Override
    public void ended(Work<ConnectionWork> work, Settlement settlement) {
        switch (work.item()) {
            case DispatchedConnection.Event event -> ended(event, settlement);
            case DispatchedPacket packet -> ended(packet, settlement);
        }
        workEnded.run();
    }

    private static void ended(DispatchedPacket packet, Settlement settlement) {
        packet.listener().over(settlement.outcome());
        if (settlement.outcome() == Outcome.FAILED) {
            LOG.error(
                    "the handler of {} threw\n{}",
                    packet,
                    new StackTrace(settlement.failure().stack()));
        } else if (settlement.outcome() == Outcome.LOST) {
            LOG.warn("{} is lost: {}", packet, settlement.data());
        } else if (settlement.outcome() == Outcome.TIMED_OUT) {
            LOG.warn("the handler of {} took too long (handlerTimeout)", packet);
        }
    }

    private void ended(DispatchedConnection.Event event, Settlement settlement) {
        DispatchedConnection connection = event.connection();
        if (event.kind() == WorkKind.MESSAGE || event.kind() == WorkKind.CONNECT) {
            connection.messageEnded(event.data().bytes().length);
        }
        if (settlement.outcome() == Outcome.FAILED) {
            LOG.error(
                    "the {} handler of {} threw; the connection is closed\n{}",
                    what(event),
                    connection,
                    new StackTrace(settlement.failure().stack()));
            connection.breakOff();
        } else if (settlement.outcome() == Outcome.LOST) {
            connection.cut("its " + what(event) + " handler is gone: " + settlement.data());
        }
        if (settlement.outcome() == Outcome.TIMED_OUT) {
            LOG.warn(
                    "the {} handler of {} took too long (handlerTimeout); the connection is closed",
                    what(event),
                    connection);
            connection.tookTooLong();
        }
        if (event.kind() == WorkKind.CLOSE) {
            run.closeSequence(connection.sequence());
        }
    }

    private static String what(DispatchedConnection.Event event) {
        return event.kind().name().toLowerCase(Locale.ROOT);
    }
}
