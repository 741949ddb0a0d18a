package dev.shunt.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request for a WebSocket, before it is given: accepted, unless the callback refuses it or throws. One
 * thread at a time.
 */
public final class Handshake {

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int FOUND = 302;
    private static final byte[] NOTHING = {};

    private final Request request;
    private final ResponseHead head = new ResponseHead();
    private @Nullable Refusal refusal;
    private boolean over;

    public Handshake(Request request) {
        this.request = request;
    }

    private record Refusal(int status, String text) {}

    /** Adds a line to the answer, whether it is 101 or not, such as a cookie. */
    public Handshake header(String name, String value) {
        before("header " + name);
        head.add(name, value);
        return this;
    }

    public Handshake cookie(Cookie cookie) {
        return header("Set-Cookie", cookie.line());
    }

    /**
     * Which of the subprotocols that the client names is spoken; without, the first of those of the settings.
     *
     * @throws IllegalArgumentException if the client does not name it, for then it would close
     */
    public Handshake subprotocol(String name) {
        boolean named = request.allOf("sec-websocket-protocol").stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .anyMatch(one -> one.strip().equals(name));
        if (!named) {
            throw new IllegalArgumentException("the client does not name the subprotocol " + name + ", but "
                    + request.allOf("sec-websocket-protocol"));
        }
        return header("Sec-WebSocket-Protocol", name);
    }

    /** No WebSocket: the client gets that status, such as 401, and the text. */
    public void refuse(int status, String text) {
        before("refuse");
        if (status < 300 || status > 599) {
            throw new IllegalArgumentException("refuse(" + status + "): give 300 to 599");
        }
        refusal = new Refusal(status, text);
    }

    /** No WebSocket: the client is sent elsewhere, with 302. */
    public void redirect(String location) {
        header("Location", location).refuse(FOUND, "see " + location);
    }

    public boolean isRefused() {
        return refusal != null;
    }

    /**
     * Gives the answer, once.
     *
     * @return whether it is a WebSocket from now on
     */
    public boolean answer(Answers answers) {
        before("answer");
        over = true;
        int writer = ThreadLocalRandom.current().nextInt();
        int flags = HttpPart.FIRST | HttpPart.LAST;
        if (refusal == null) {
            var part = new HttpPart(request.id(), writer, SWITCHING_PROTOCOLS, flags, head.encoded(), NOTHING);
            return answers.answer(part, false);
        }
        head.type("text/plain; charset=utf-8");
        byte[] text = (refusal.text() + "\n").getBytes(UTF_8);
        answers.answer(new HttpPart(request.id(), writer, refusal.status(), flags, head.encoded(), text), false);
        return false;
    }

    private void before(String call) {
        if (over) {
            throw new IllegalStateException(call + " comes too late: the handshake has been answered");
        }
    }
}
