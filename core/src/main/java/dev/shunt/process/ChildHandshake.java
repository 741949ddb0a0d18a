package dev.shunt.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.Frame.Hello;
import dev.shunt.ipc.Frame.Refused;
import dev.shunt.ipc.Link;
import dev.shunt.ipc.LinkEvents;
import dev.shunt.log.Log;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Where links arrive: finds out whose each one is. A link that does not begin with the hello of a child that is
 * expected is closed, at the latest after {@code helloWithin}; that touches no other link and no child.
 */
final class ChildHandshake implements LinkEvents<FromChild> {

    private static final Logger LOG = Log.of(ChildHandshake.class);

    private final byte[] secret;
    private final Duration helloWithin;
    private final Supervisor supervisor;
    private final Map<Link, Runnable> visitors = new HashMap<>();
    private final Map<Link, Child> children = new HashMap<>();

    /** Whose frame came last; more of them follow. */
    private @Nullable Link lastLink;

    private @Nullable Child lastChild;

    ChildHandshake(String secret, Duration helloWithin, Supervisor supervisor) {
        this.secret = secret.getBytes(UTF_8);
        this.helloWithin = helloWithin;
        this.supervisor = supervisor;
    }

    @Override
    public void opened(Link link) {
        var cancelDeadline = supervisor.later(
                helloWithin, () -> turnAway(link, "no hello within " + helloWithin.toMillis() + " ms"));
        visitors.put(link, cancelDeadline);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a link is equal to itself alone
    public void received(Link link, FromChild frame) {
        if (lastChild == null || lastLink != link) {
            lastLink = link;
            lastChild = children.get(link);
        }
        var child = lastChild;
        if (child != null) {
            supervisor.received(child, frame);
        } else if (frame instanceof Hello hello) {
            greet(link, hello);
        } else {
            turnAway(link, "a " + frame.getClass().getSimpleName() + " where a hello was due");
        }
    }

    /** What is to be sent is flushed at the end of the loop's turn anyway. */
    @Override
    public void receivedAll(Link link) {}

    @Override
    public void closed(Link link, String reason) {
        forget(link);
        lastLink = null;
        lastChild = null;
        var child = children.remove(link);
        if (child != null) {
            supervisor.linkClosed(child, reason);
        }
    }

    private void greet(Link link, Hello hello) {
        if (!MessageDigest.isEqual(secret, hello.secret().getBytes(UTF_8))) {
            turnAway(link, "a hello with a wrong secret");
            return;
        }
        var child = supervisor.child(hello.serial());
        if (child == null || child.state() != ChildState.STARTING || child.pid() != hello.pid()) {
            // It is one of us, so it is told; if it does not go, its time to say hello will be over.
            link.send(new Refused("this manager does not expect child " + hello.serial() + " with pid " + hello.pid()
                    + ": a program started by a child must not pass the child's SHUNT_ variables on"));
            link.flush();
            return;
        }
        forget(link);
        children.put(link, child);
        supervisor.greeted(child, link, hello);
    }

    private void turnAway(Link link, String why) {
        if (visitors.containsKey(link)) {
            LOG.warn("a link to the manager's socket is closed: {}", why);
            forget(link);
            link.close();
        }
    }

    private void forget(Link link) {
        var cancelDeadline = visitors.remove(link);
        if (cancelDeadline != null) {
            cancelDeadline.run();
        }
    }
}
