package dev.shunt.engine.manager;

import dev.shunt.dispatch.Work;
import dev.shunt.engine.slots.Settlement;
import dev.shunt.ipc.WorkKind;
import dev.shunt.task.Outcome;
import java.util.Locale;
import org.slf4j.Logger;
import dev.shunt.log.Log;
import dev.shunt.log.StackTrace;

/** What the end of a handler's run means for its connection. Lives on the main loop. */
final class ConnectionEnds implements GroupRun.Ends<DispatchedConnection.Event> {

    private static final Logger LOG = Log.of(ConnectionEnds.class);

    private final GroupRun<DispatchedConnection.Event> run;
    private final Runnable workEnded;

    /** @param workEnded called after each end */
    ConnectionEnds(GroupRun<DispatchedConnection.Event> run, Runnable workEnded) {
        this.run = run;
        this.workEnded = workEnded;
    }

    @Override
    public boolean isWanted(DispatchedConnection.Event event) {
        return event.connection().wants(event.kind());
    }

    /** Its handler has ended, well or not, or never will. */
    @Override
    public void ended(Work<DispatchedConnection.Event> work, Settlement settlement) {
        var event = work.item();
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
        if (event.kind() == WorkKind.CLOSE) {
            run.closeSequence(connection.sequence());
        }
        workEnded.run();
    }

    private static String what(DispatchedConnection.Event event) {
        return event.kind().name().toLowerCase(Locale.ROOT);
    }
}
