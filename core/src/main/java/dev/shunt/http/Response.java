package dev.shunt.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.check.Check;
import dev.shunt.data.Data;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The answer to one request: status and headers first, then one {@link #end}. It may be given at once, later, by any thread,
 * or in another process that has heard of its {@link #id}; exactly once, a second throws. Safe for use by any thread.
 *
 * <pre>
 *   status, header, cookie ──► end(body), json, redirect ──────────► ended
 *                          └─► write, write, … ──────► end ────────► ended
 * </pre>
 */
public final class Response {

    private static final byte[] NOTHING = {};
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private enum State {
        NEW,
        STREAMING,
        ENDED
    }

    private final long requestId;
    private final Optional<Request> request;
    private final Answers answers;
    private final boolean compresses;
    private final int writer = ThreadLocalRandom.current().nextInt();
    private final ResponseHead head = new ResponseHead();
    private final ResponseHead trailers = new ResponseHead();
    private int status = 200;
    private String reason = "";
    private long written;
    private State state = State.NEW;
    /** Somebody else may answer, too. */
    private boolean shared;

    private Response(long requestId, Optional<Request> request, Answers answers, boolean compresses) {
        this.requestId = requestId;
        this.request = request;
        this.answers = answers;
        this.compresses = compresses;
        shared = request.isEmpty();
    }

    /** For the handler of a request. */
    public Response(Request request, Answers answers, boolean compresses) {
        this(request.id(), Optional.of(request), answers, compresses);
    }

    /** For whoever knows its id only. */
    public Response(long requestId, Answers answers) {
        this(requestId, Optional.empty(), answers, false);
    }

    /**
     * Names the request in all processes of the program: it may travel in a task, whose handler answers with
     * {@code respond(id, ...)}; Swoole's {@code detach}.
     */
    public synchronized long id() {
        shared = true;
        return requestId;
    }

    /**
     * @param code 200 to 599; default 200
     * @throws IllegalStateException if the head has been sent
     */
    public synchronized Response status(int code) {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("status " + code + "; a response has 200 to 599");
        }
        beforeHead("status");
        status = code;
        reason = "";
        return this;
    }

    /**
     * As {@link #status(int)}, and with words of the program behind it in the status line.
     *
     * @param reason empty for the standard's, as {@code Not Found} of 404
     * @throws IllegalArgumentException if it would be more than one line
     */
    public synchronized Response status(int code, String reason) {
        ResponseHead.check("the reason", Check.given("status", reason));
        status(code).reason = reason.strip();
        return this;
    }

    /** Words for another status do not hold for this. */
    private void become(int code) {
        if (status != code) {
            reason = "";
        }
        status = code;
    }

    /**
     * Adds a line to the head; of {@code Content-Type} and its like the last one counts. What says where the response ends
     * and whether the connection goes on is the server's.
     *
     * @throws IllegalArgumentException for a name or value that would be more than one line
     * @throws IllegalStateException if the head has been sent
     */
    public synchronized Response header(String name, String value) {
        beforeHead("header " + name);
        head.add(name, value);
        return this;
    }

    public Response cookie(Cookie cookie) {
        return header("Set-Cookie", cookie.line());
    }

    public Response cookie(String name, String value) {
        return cookie(new Cookie(name, value));
    }

    /** Sends the client elsewhere, with 302 unless another status from 301 to 308 was given; see {@link #end(Object)}. */
    public synchronized boolean redirect(String location) {
        beforeHead("redirect");
        if (status < 301 || status > 308) {
            become(302);
        }
        head.add("Location", location);
        return end(NOTHING);
    }

    /** Ends with an object as JSON; see {@link #end(Object)}. */
    public synchronized boolean json(Object value) {
        beforeHead("json");
        head.type("application/json");
        return end(Data.of(value).portable().bytes());
    }

    /**
     * Sends a piece of the body now, and goes on; the first one takes the head with it. Without a {@code Content-Length} the
     * pieces travel as chunks. Waits while as much waits for the client as may.
     *
     * @return false if it will not be sent: the client is gone; or, on an event loop, too much waits already, and then
     *     {@code onBufferDrain} tells when there is room
     * @throws IllegalStateException if the response has ended, or the request has been answered
     */
    public synchronized boolean write(Object piece) {
        if (state == State.ENDED) {
            throw answered();
        }
        byte[] bytes = bytes(piece);
        written += bytes.length;
        if (head.length() >= 0 && written > head.length()) {
            throw new IllegalStateException(
                    written + " bytes are written of a response whose Content-Length is " + head.length());
        }
        if (state == State.NEW) {
            int length = head.length() >= 0 ? HttpPart.LENGTH : 0;
            boolean taken = answers.answer(part(HttpPart.FIRST | length, head.encodedWithLength(), bytes), shared);
            state = State.STREAMING;
            return taken;
        }
        return bytes.length == 0 || answers.answer(part(0, NOTHING, bytes), shared);
    }

    /**
     * The body as a stream: each write is a {@link #write} of bytes, which throws {@link ClientGoneException} when the client
     * is gone; the close is an {@link #end}: not to be called after a failure, which would look like the end. Not on an event
     * loop, unless the request is streamed.
     */
    public OutputStream stream() {
        return new ResponseStream(this);
    }

    /** Sends an event of a stream that {@code EventSource} reads, and goes on; see {@link #write}. */
    public synchronized boolean event(ServerSentEvent event) {
        if (state == State.NEW) {
            head.type("text/event-stream");
            if (!head.has("cache-control")) {
                head.add("Cache-Control", "no-cache");
            }
        }
        return write(event.encoded());
    }

    /** As {@link #event(ServerSentEvent)}. */
    public boolean event(String name, Object data) {
        return event(new ServerSentEvent(name, data));
    }

    /** Adds a line behind the body of a response in chunks: after the first {@link #write}, before {@link #end}. */
    public synchronized Response trailer(String name, String value) {
        if (state != State.STREAMING || head.length() >= 0) {
            throw new IllegalStateException(
                    "trailer " + name
                            + " follows a body that is written without a Content-Length: call write(...) first, end() after it");
        }
        trailers.add(name, value);
        return this;
    }

    /**
     * Ends with a file, whole, or as the request asks for it: {@code Range}, also several, with {@code If-Range},
     * {@code If-Match}, {@code If-None-Match}, {@code If-Modified-Since}, {@code If-Unmodified-Since}. Its bytes are read as
     * the client takes them, in the process that has its socket.
     *
     * @return false if the client is gone
     * @throws HttpException 404 if there is no such file
     * @throws IllegalArgumentException if it cannot be read
     */
    public synchronized boolean file(Path file) {
        beforeHead("file");
        var answer = FileAnswer.to(request, file, head.type());
        become(answer.status());
        head.add("Content-Type", answer.type());
        head.add("ETag", answer.tag());
        head.add("Last-Modified", answer.modified());
        head.add("Accept-Ranges", "bytes");
        if (!answer.range().isEmpty()) {
            head.add("Content-Range", answer.range());
        }
        state = State.ENDED;
        int flags = HttpPart.FIRST | HttpPart.LAST;
        return answers.answer(
                answer.isWithoutBody()
                        ? part(flags, head.encoded(), NOTHING)
                        : part(
                                flags | HttpPart.FILE,
                                head.encoded(),
                                answer.body().encoded()),
                shared);
    }

    /** Ends without a body, or what was written. */
    public boolean end() {
        return end(NOTHING);
    }

    /**
     * Ends with this as the body, or the last of it: text as {@code text/plain} in UTF-8, bytes as
     * {@code application/octet-stream}, other objects as JSON, unless a {@code Content-Type} was given.
     *
     * @return false if the client is gone
     * @throws IllegalStateException if the request has been answered, or took longer than it may
     */
    public synchronized boolean end(Object body) {
        if (state == State.ENDED) {
            throw answered();
        }
        byte[] bytes = bytes(body);
        if (state == State.STREAMING) {
            return endStream(bytes);
        }
        checkLength(bytes.length);
        state = State.ENDED;
        if (compresses && request.isPresent() && Compression.pays(request.get(), status, head, bytes.length)) {
            head.add("Vary", "Accept-Encoding");
            if (Compression.isWanted(request.get())) {
                bytes = Compression.gzip(bytes);
                head.add("Content-Encoding", "gzip");
            }
        }
        return answers.answer(part(HttpPart.FIRST | HttpPart.LAST, head.encoded(), bytes), shared);
    }

    private boolean endStream(byte[] bytes) {
        written += bytes.length;
        if (head.length() >= 0 && written != head.length()) {
            throw new IllegalStateException(
                    written + " bytes were written of a response whose Content-Length is " + head.length());
        }
        state = State.ENDED;
        byte[] lines = trailers.encoded();
        int flags = HttpPart.LAST | (lines.length > 0 ? HttpPart.TRAILERS : 0);
        return answers.answer(part(flags, lines, bytes), shared);
    }

    /** Nothing but the head may follow a status that has no body. */
    private void checkLength(int bytes) {
        if (bytes > 0 && (status == NO_CONTENT || status == NOT_MODIFIED)) {
            throw new IllegalArgumentException(
                    "a response of status " + status + " has no body, and " + bytes + " bytes were given");
        }
        if (head.length() >= 0 && head.length() != bytes) {
            throw new IllegalArgumentException("Content-Length " + head.length() + " for a body of " + bytes
                    + " bytes; leave it out, the server counts");
        }
    }

    private byte[] bytes(Object body) {
        var data = Data.of(body);
        if (!data.isEmpty() && state == State.NEW) {
            head.type(
                    switch (data.kind()) {
                        case BYTES -> "application/octet-stream";
                        case TEXT -> "text/plain; charset=utf-8";
                        case OBJECT -> "application/json";
                    });
        }
        return data.bytes();
    }

    private HttpPart part(int flags, byte[] lines, byte[] body) {
        boolean isReasoned = !reason.isEmpty() && (flags & HttpPart.FIRST) != 0;
        int all = flags | (head.closes() ? HttpPart.CLOSE : 0) | (isReasoned ? HttpPart.REASON : 0);
        return new HttpPart(requestId, writer, status, all, isReasoned ? behind(reason, lines) : lines, body);
    }

    private static byte[] behind(String line, byte[] lines) {
        byte[] first = (line + "\r\n").getBytes(UTF_8);
        byte[] all = Arrays.copyOf(first, first.length + lines.length);
        System.arraycopy(lines, 0, all, first.length, lines.length);
        return all;
    }

    /** Its handler has returned: an answer that comes now may come too late, and whoever gives it is to hear so. */
    public synchronized void handlerReturned() {
        shared = true;
    }

    /** Whether this one has ended, here. */
    public synchronized boolean isEnded() {
        return state == State.ENDED;
    }

    /**
     * The handler threw {@link HttpException}: that is the answer, unless one was begun.
     *
     * @return false if there is an answer already, so that the client does not hear of it
     */
    public synchronized boolean refused(HttpException thrown) {
        if (state != State.NEW) {
            return false;
        }
        var plain = new Response(requestId, request, answers, false);
        plain.shared = shared;
        state = State.ENDED;
        try {
            return plain.status(thrown.status()).end(thrown.text() + "\n");
        } catch (IllegalStateException e) { // somebody else has answered
            return false;
        }
    }

    private void beforeHead(String what) {
        if (state == State.ENDED) {
            throw answered();
        }
        if (state == State.STREAMING) {
            throw new IllegalStateException(what + " comes too late: the head of the response has been sent");
        }
    }

    private IllegalStateException answered() {
        return new IllegalStateException("request " + requestId + " has been answered; there is one answer to each");
    }

    @Override
    public String toString() {
        return "response to " + request.map(Request::toString).orElse("request " + requestId);
    }
}
