package dev.shunt.netty;

import dev.shunt.http.HttpProtocol;
import dev.shunt.http.TrustedProxies;
import dev.shunt.netty.RequestRules.Problem;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What comes on a connection of HTTP until it has its turn: pieces as the decoder gives them become requests that wait. One
 * whose handler reads the body while it comes waits as soon as its head is there. The loop's thread only.
 */
final class RequestIntake {

    private final SocketLifecycle socket;
    private final SocketSpec spec;
    private final HttpProtocol settings;
    private final StrictRequestDecoder decoder;
    private final TrustedProxies proxies;
    private final WaitingRequests waiting = new WaitingRequests();
    private @Nullable RequestAssembly assembling;
    private boolean wholeOnes;

    RequestIntake(SocketLifecycle socket, SocketSpec spec, HttpProtocol settings, StrictRequestDecoder decoder) {
        this.socket = socket;
        this.spec = spec;
        this.settings = settings;
        this.decoder = decoder;
        proxies = new TrustedProxies(settings.trustedProxies());
    }

    WaitingRequests waiting() {
        return waiting;
    }

    /** Takes a piece; says what is wrong with it, and then {@link #refuse} follows. */
    @Nullable Problem take(Object message) {
        Problem problem = message instanceof HttpRequest head ? begin(head) : null;
        if (problem == null && message instanceof HttpContent content && assembling != null) {
            problem = assembling.add(content);
            if (problem == null && content instanceof LastHttpContent) {
                problem = ended(assembling);
            }
        }
        return problem;
    }

    private @Nullable Problem begin(HttpRequest head) {
        int inMemory = spec.limits().maxPackageBytes();
        Problem problem = RequestRules.problem(head, Math.max(inMemory, settings.maxBody()));
        if (problem == null) {
            problem = TargetText.decode(head);
        }
        boolean webSocket = settings.webSocket().isPresent() && Handshake.isUpgrade(head.headers());
        if (problem == null && webSocket) {
            problem = HandshakeRules.problem(head);
        }
        if (problem != null) {
            return problem;
        }
        boolean streams = !webSocket && settings.streams(RequestRules.path(head));
        assembling = new RequestAssembly(
                head, inMemory, settings.maxBody(), webSocket, spec.spool(), streams ? new BodyStream() : null);
        return streams ? waits(assembling) : null;
    }

    private @Nullable Problem ended(RequestAssembly assembly) {
        Problem problem = null;
        if (assembly.streamed() == null) {
            problem = waits(assembly);
        } else {
            assembly.streamed().end();
        }
        if (problem == null) {
            assembling = null;
        }
        return problem;
    }

    private @Nullable Problem waits(RequestAssembly assembly) {
        try {
            waiting.add(assembly.encoded(socket.peer().remoteHost(), proxies), assembly.asked());
            wholeOnes = true;
            return null;
        } catch (IOException e) {
            return new Problem(HttpResponseStatus.INSUFFICIENT_STORAGE, "there is no room for the body");
        }
    }

    /**
     * Nothing more will be taken: the answer to what came last is that.
     *
     * @return whether that has its turn later; false if it is the body of the request that is handled
     */
    boolean refuse(Problem problem) {
        BodyStream body = assembling == null ? null : assembling.streamed();
        discardAssembly();
        if (body == null) {
            waiting.add(problem);
            return true;
        }
        if (waiting.replace(body, problem)) {
            return true;
        }
        body.fail(problem.text());
        return false;
    }

    private void discardAssembly() {
        if (assembling != null) {
            assembling.discard();
            assembling = null;
        }
    }

    /** The client is gone. */
    void discard() {
        discardAssembly();
        waiting.drop();
    }

    /** Once: whether the client waits to be told that it may send a body that is read whole. */
    boolean takeExpectation() {
        return assembling != null && assembling.streamed() == null && assembling.takeExpectation();
    }

    /** As {@link #takeExpectation()}, of this one. */
    boolean takeExpectation(BodyStream body) {
        return assembling != null && body.equals(assembling.streamed()) && assembling.takeExpectation();
    }

    /** Whether the body of a request comes that its handler reads meanwhile. */
    boolean isStreaming() {
        return assembling != null && assembling.streamed() != null;
    }

    boolean wantsMore() {
        return !waiting.isFull() && (assembling == null || assembling.wantsMore());
    }

    /** Neither a head nor a body has begun that is not whole. */
    boolean isBetweenRequests() {
        return assembling == null && decoder.unfinishedHeadBytes() == 0;
    }

    /** Tells the socket what is held here and by the body that is read. */
    void account(@Nullable BodyStream read, boolean over) {
        var assembly = assembling;
        int head = decoder.unfinishedHeadBytes();
        long ofBody = assembly == null ? 0 : Math.max(1, assembly.length() + decoder.heldBytes());
        long held = waiting.bytes()
                + head
                + decoder.heldBytes()
                + (assembly == null ? 0 : assembly.held())
                + (read == null ? 0 : read.held());
        socket.holds(held, over ? 0 : Math.max(head, ofBody), wholeOnes);
        wholeOnes = false;
    }
}
