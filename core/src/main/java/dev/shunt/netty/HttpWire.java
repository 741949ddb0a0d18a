package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.http.Bodies;
import dev.shunt.http.ControlFrame;
import dev.shunt.http.FileBody;
import dev.shunt.http.HttpPart;
import dev.shunt.http.HttpProtocol;
import dev.shunt.http.Request;
import dev.shunt.http.RequestBytes;
import dev.shunt.log.Log;
import dev.shunt.net.CloseStatus;
import dev.shunt.netty.RequestAssembly.Asked;
import dev.shunt.netty.RequestRules.Problem;
import dev.shunt.time.Clock;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * HTTP/1.1 on an accepted connection: one request after the other, each when the one before it is answered; so answers are
 * in order by themselves. Who answers claims the request first, from any thread; what comes for another is dropped.
 *
 * <pre>
 *   bytes ──decoder──► assembly ──► waiting ──delivered──► open ──claimed──► first part … last part ──► next
 *                         └─wrong────► waiting ──► 4xx, end      └─nobody in time: 504
 * </pre>
 */
final class HttpWire extends WireHandler {

    private static final Logger LOG = Log.of(HttpWire.class);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(UTF_8);

    private static final Problem LATE =
            new Problem(HttpResponseStatus.REQUEST_TIMEOUT, "the request did not come in time");
    private static final Problem UNANSWERED = new Problem(HttpResponseStatus.GATEWAY_TIMEOUT, "no answer in time");

    /** How long a connection that has not asked for anything yet may still do so while the program drains. */
    private static final Duration FIRST_REQUEST = Duration.ofSeconds(5);

    /** Nobody's: no part of a program has it. */
    private static final long NONE = 0;

    private final SocketSpec spec;
    private final HttpProtocol settings;
    private final RequestIntake intake;
    /** What follows an agreement: a WebSocket takes this place in the pipeline. */
    private final BiConsumer<Asked, HttpPart> upgrade;

    private final Clock clock;
    private long serial;
    /** The id of the request that is handled, or {@link #NONE}. */
    private long open = NONE;

    private @Nullable Asked asked;
    private @Nullable ResponseWriter writer;
    private int writing;
    /** What is the body of the answer, and is not sent yet. */
    private @Nullable FilePump file;

    /** Whether the open one is counted among those of the listener. */
    private boolean counted;

    private boolean delivering;
    /** What else comes is thrown away. */
    private boolean over;

    /** The open one is the last. */
    private boolean closes;

    private boolean upgraded;
    /** The last change from waiting for a request to waiting for an answer, or back. */
    private long sinceNanos;

    HttpWire(
            SocketLifecycle socket,
            SocketSpec spec,
            HttpProtocol settings,
            StrictRequestDecoder decoder,
            BiConsumer<Asked, HttpPart> upgrade) {
        super(socket);
        this.spec = spec;
        this.settings = settings;
        intake = new RequestIntake(socket, spec, settings, decoder);
        this.upgrade = upgrade;
        clock = Clock.system();
        sinceNanos = clock.nanoTime();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        socket.opened(this);
        look();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        socket.reading();
        try {
            if (!over && socket.wantsInput()) {
                take(message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        proceed();
        account();
        super.channelReadComplete(context);
    }

    private void take(Object message) {
        if (intake.isStreaming()) {
            sinceNanos = clock.nanoTime(); // who is still asking is not late for the answer
        }
        Problem problem = intake.take(message);
        if (problem != null) {
            wrong(problem);
        }
        over |= closes && !bodyGoesOn();
    }

    /** Whether the answer says so, now or in its turn; not if it has begun. */
    private boolean wrong(Problem problem) {
        over = true;
        if (intake.refuse(problem)) {
            return true;
        }
        closes = true;
        return answerInstead(problem.status(), problem.text());
    }

    /** Its handler wants more of its body. */
    @Override
    public void askBody(long requestId, int bytes, Bodies.Sink sink) {
        BodyStream body = requestId == open ? body() : null;
        if (body == null) {
            sink.failed("the request has been answered");
            return;
        }
        sinceNanos = clock.nanoTime();
        body.ask(bytes, sink);
        if (body.isWaitedFor() && intake.takeExpectation(body) && socket.asked().is(open)) {
            say(CONTINUE);
        }
        account();
        socket.regulate();
    }

    @Override
    public boolean wantsNow() {
        BodyStream body = body();
        return body != null && body.isWaitedFor();
    }

    @Override
    public void proceed() {
        pump();
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            while (open == NONE && !intake.waiting().isEmpty() && socket.mayDeliver()) {
                switch (intake.waiting().next()) {
                    case WaitingRequests.Incoming.Whole whole -> deliver(whole);
                    case WaitingRequests.Incoming.Wrong wrong -> refuse(wrong.problem());
                }
            }
            if (open == NONE && intake.takeExpectation()) {
                say(CONTINUE);
            }
        } finally {
            delivering = false;
        }
        socket.regulate();
    }

    private void deliver(WaitingRequests.Incoming.Whole whole) {
        serial++;
        open = Request.idOf(socket.peer().connectionId(), serial);
        asked = whole.asked();
        writer = new ResponseWriter(
                whole.asked().isHead(),
                RequestRules.isHttp11(whole.asked().request()),
                RequestRules.keepsAlive(whole.asked().request())
                        && !spec.requests().isDraining(),
                socket.loop().date());
        sinceNanos = clock.nanoTime();
        counted = spec.requests().admit(settings.maxRequests());
        if (!counted) {
            spec.events().requestRefused();
            answer(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many requests at once", "Retry-After: 1\r\n");
            return;
        }
        socket.asked().ask(open);
        var bytes = RequestBytes.withId(whole.bytes(), open);
        socket.deliver(Data.received(Data.Kind.OBJECT, bytes, Codec.json()));
    }

    private void refuse(Problem problem) {
        LOG.info("{}: bad input: {}: {}", socket, problem.status(), problem.text());
        writer = new ResponseWriter(false, true, false, socket.loop().date());
        open = Request.idOf(socket.peer().connectionId(), ++serial);
        answer(problem.status(), problem.text(), "");
    }

    /** Of this end's own, without a handler. */
    private void answer(HttpResponseStatus status, String text, String lines) {
        byte[] head = (lines + "Content-Type: text/plain; charset=utf-8\r\n").getBytes(UTF_8);
        byte[] body = (text + "\n").getBytes(UTF_8);
        int flags = HttpPart.FIRST | HttpPart.LAST | HttpPart.CLAIMED | HttpPart.CLOSE;
        write(new HttpPart(open, 0, status.code(), flags, head, body), socket.outbox());
        socket.outbox().appended();
    }

    /** As {@link #answer}, if nobody else has begun to. */
    private boolean answerInstead(HttpResponseStatus status, String text) {
        if (open == NONE || !socket.asked().claim(open)) {
            return false;
        }
        answer(status, text, "");
        return true;
    }

    private void say(byte[] bytes) {
        socket.outbox().ownRoom(bytes.length).writeBytes(bytes);
        socket.outbox().appended();
    }

    @Override
    public void append(Data.Kind kind, byte[] bytes, Outbox out) {
        if (kind != Data.Kind.OBJECT || ControlFrame.isOne(bytes)) {
            LOG.warn(
                    "{}: {} bytes were sent that answer no request, and are dropped: it is no WebSocket",
                    socket,
                    bytes.length);
            return;
        }
        if (HttpPart.isPiece(bytes) && HttpPart.isOf(bytes, open, writing)) {
            Objects.requireNonNull(writer).piece(bytes, HttpPart.BODY_AT, out);
            return;
        }
        var part = HttpPart.of(bytes);
        if (part.requestId() != open) {
            LOG.info("{}: an answer to request {} is dropped, which is over", socket, part.requestId());
        } else if (!part.is(HttpPart.FIRST)) {
            if (part.writer() == writing) {
                write(part, out);
            }
        } else if (part.is(HttpPart.CLAIMED) || socket.asked().claim(open)) {
            write(part, out);
        } else {
            LOG.info("{}: a second answer to request {} is dropped", socket, open);
        }
    }

    private void write(HttpPart given, Outbox out) {
        var to = Objects.requireNonNull(writer);
        boolean early = given.is(HttpPart.LAST) && bodyGoesOn(); // what comes of the body would be the next request
        var part = early || spec.requests().isDraining() ? given.with(HttpPart.CLOSE) : given;
        if (early) {
            lastOne();
        }
        if (part.is(HttpPart.FIRST)) {
            writing = part.writer();
            if (!to.goesOn(part)) {
                lastOne();
            }
            if (part.status() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
                upgrade(part);
                return;
            }
            begin(to, part, out);
        } else {
            to.more(part, out);
        }
        if (part.is(HttpPart.LAST) && file == null) {
            answered();
        }
    }

    private void begin(ResponseWriter to, HttpPart part, Outbox out) {
        if (!part.is(HttpPart.FILE)) {
            to.first(part, part.body().length, out);
            return;
        }
        try {
            var pump = new FilePump(FileBody.of(part));
            to.first(part, pump.length(), out);
            file = pump;
            socket.loop().ask(this::pump);
        } catch (IOException e) {
            LOG.error("{}: a file that was to be the answer cannot be read", socket, e);
            answer(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the server failed", "");
        }
    }

    /** In a turn of its own, and again when there is room. */
    private void pump() {
        var pumped = file;
        if (pumped == null) {
            return;
        }
        try {
            boolean none = Objects.requireNonNull(writer).isWithoutBody();
            if (none || pumped.pump(socket.outbox())) {
                closeFile();
                answered();
            }
        } catch (IOException e) {
            closeFile();
            socket.cut("the file that was its answer cannot be read: " + e.getMessage());
        }
    }

    private void closeFile() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.debug("{}: closing a file failed", socket, e);
            }
            file = null;
        }
    }

    /** But for its own body, if it is answered before that has come. */
    private void lastOne() {
        over = !bodyGoesOn();
        closes = true;
        intake.waiting().drop();
    }

    private boolean bodyGoesOn() {
        BodyStream body = body();
        return body != null && !body.isWhole();
    }

    private @Nullable BodyStream body() {
        return asked == null ? null : asked.streamed();
    }

    private void upgrade(HttpPart accepted) {
        var request = Objects.requireNonNull(asked);
        release();
        upgraded = true;
        upgrade.accept(request, accepted);
    }

    /** The next one has its turn later: this may be inside a call of the program. */
    private void answered() {
        release();
        writer = null;
        sinceNanos = clock.nanoTime();
        closes |= spec.requests().isDraining() && isIdle(); // its head may have said that it goes on
        if (closes) {
            over = true;
            socket.loop().ask(() -> socket.closeWhenFlushed("answered"));
        } else if (!delivering) {
            socket.loop().ask(() -> {
                socket.proceed();
                account();
            });
        }
    }

    private void release() {
        open = NONE;
        if (asked != null) {
            asked.over();
            asked = null;
        }
        if (counted) {
            counted = false;
            spec.requests().answered();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent && intake.isStreaming()) {
            wrong(Problem.bad("the input ended before the body did"));
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        release();
        closeFile();
        drop();
        super.channelInactive(context);
    }

    @Override
    public void drop() {
        intake.discard();
    }

    @Override
    public boolean wantsMore() {
        return intake.wantsMore();
    }

    @Override
    public boolean holds() {
        return !intake.waiting().isEmpty();
    }

    /** A peer that sends no more may still wait for its answer. */
    @Override
    public boolean owes() {
        return open != NONE;
    }

    @Override
    public boolean sayGoodbye(CloseStatus why) {
        if (why.equals(CloseStatus.FAILED)) {
            answerInstead(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the server failed");
        } else if (why.equals(CloseStatus.TOO_LONG)) {
            answerInstead(UNANSWERED.status(), UNANSWERED.text());
        } else if (why.equals(CloseStatus.GOING_AWAY)) {
            answerInstead(HttpResponseStatus.SERVICE_UNAVAILABLE, "the server stops");
        }
        return false;
    }

    @Override
    public boolean explainsLoss() {
        return answerInstead(HttpResponseStatus.BAD_GATEWAY, "the process that was to answer has ended");
    }

    @Override
    public boolean refusesLate() {
        boolean said = wrong(LATE);
        proceed();
        account();
        return said;
    }

    /** One that has been answered is closed at once: its client counts with that between two requests. */
    @Override
    public void drain() {
        long left = serial > 0 ? 0 : FIRST_REQUEST.toNanos() - (clock.nanoTime() - sinceNanos);
        if (isIdle() && left <= 0) {
            socket.closeWhenFlushed("no request while the program drains");
        } else if (isIdle() && socket.isOpen()) {
            var _ = socket.loop().schedule(this::drain, Duration.ofNanos(left));
        }
    }

    private boolean isIdle() {
        return open == NONE && !holds() && intake.isBetweenRequests();
    }

    private void account() {
        intake.account(body(), over);
    }

    /** Whether the time for the answer, or for the next request, is over; looks again when it can be, so none needs a timer. */
    private void look() {
        if (!socket.isOpen() || upgraded) {
            return;
        }
        boolean waits = open != NONE;
        var allowed = waits ? settings.answerTimeout() : settings.keepAlive();
        long left = allowed.toNanos() - (clock.nanoTime() - sinceNanos);
        if (left <= 0) {
            left = allowed.toNanos();
            if (waits) {
                var problem = wantsNow() ? LATE : UNANSWERED; // its handler may wait for the client
                if (answerInstead(problem.status(), problem.text())) {
                    String late = problem.equals(LATE) ? "was not whole" : "had no answer";
                    LOG.warn("{}: a request {} within {} ms (answerTimeout)", socket, late, allowed.toMillis());
                }
            } else if (intake.isBetweenRequests()) { // of these, Pace knows
                socket.closeWhenFlushed("no request within " + allowed.toMillis() + " ms (keepAlive)");
                return;
            }
        }
        var other = waits ? settings.keepAlive() : settings.answerTimeout();
        var _ = socket.loop().schedule(this::look, Duration.ofNanos(Math.min(left, other.toNanos())));
    }
}
