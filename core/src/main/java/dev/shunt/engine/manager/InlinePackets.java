package dev.shunt.engine.manager;

import dev.shunt.engine.Datagram;
import dev.shunt.engine.LoopWatch;
import dev.shunt.log.Log;
import dev.shunt.time.Clock;
import dev.shunt.timer.Loop;
import java.util.function.BiConsumer;
import org.slf4j.Logger;

/** Handles datagrams on the event loop that has received them. A handler that holds it up is named in the log. */
final class InlinePackets implements BiConsumer<Packets, Datagram> {

    private static final Logger LOG = Log.of(InlinePackets.class);

    private final LoopSlots slots;
    private final LoopWatch watch;

    InlinePackets(LoopSlots slots, Clock clock) {
        this.slots = slots;
        this.watch = new LoopWatch(clock);
    }

    @Override
    public void accept(Packets packets, Datagram datagram) {
        long began = watch.now();
        var loop = packets.socket().loop();
        slots.handle(loop, () -> guarded(loop, packets, datagram));
        long took = watch.now() - began;
        if (LoopWatch.isSlow(took)) {
            watch.warn("datagram", "the datagram handler of " + packets, took);
        }
    }

    private static void guarded(Loop loop, Packets packets, Datagram datagram) {
        try {
            packets.listener().handlers().received(packets.sender(datagram), datagram.data());
        } catch (Throwable e) { // the program's own code: the loop lives on
            loop.endIfFatal(e);
            LOG.error("the handler of a datagram from {} to {} threw", datagram.from(), packets, e);
        }
    }
}
