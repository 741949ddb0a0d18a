package dev.shunt.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.control.ConsoleSettings.Credentials;
import dev.shunt.http.Request;
import dev.shunt.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Who may come in, by HTTP's Basic authentication: name and password are compared together, in a time that tells nothing.
 * An address that was wrong ten times within a minute is not heard for the rest of it. Safe for use by any thread.
 */
public final class Login {

    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int MAX_FAILURES = 10;
    private static final int MAX_ADDRESSES = 1000;
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final String SCHEME = "basic ";

    private final String user;
    private final byte[] expected;
    private final Clock clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>();

    private record Failures(int count, long sinceNanos) {}

    private Login(String user, byte[] expected, Clock clock) {
        this.user = user;
        this.expected = expected;
        this.clock = clock;
    }

    private static String password(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IOException(
                    "the console's password file " + file + " cannot be read ("
                            + (e instanceof NoSuchFileException ? "there is none" : e.getMessage())
                            + "); write the password into it, for its owner alone",
                    e);
        }
    }

    /** @throws IOException if the password cannot be read, or is empty */
    @SuppressWarnings("exports") // made by the engine
    public static Login of(Credentials credentials, Clock clock) throws IOException {
        String password = password(credentials.passwordFile()).stripTrailing();
        if (password.isEmpty()) {
            throw new IOException("the console's password file " + credentials.passwordFile() + " is empty");
        }
        return new Login(credentials.user(), digest((credentials.user() + ':' + password).getBytes(UTF_8)), clock);
    }

    String user() {
        return user;
    }

    /** Why it is refused, if it is. */
    Optional<ControlException> problem(Request request) {
        return problem(request.remoteIp(), request.header("authorization"));
    }

    Optional<ControlException> problem(String address, Optional<String> given) {
        if (isShutOut(address)) {
            return Optional.of(new ControlException(
                    TOO_MANY_REQUESTS, "wrong too often from " + address + "; try again in a minute"));
        }
        if (isRight(given.orElse(""))) {
            return Optional.empty();
        }
        if (given.isPresent()) { // a browser asks without, first
            failed(address);
        }
        return Optional.of(new ControlException(UNAUTHORIZED, "name and password are needed, or are wrong"));
    }

    private boolean isRight(String given) {
        byte[] said = new byte[0];
        if (given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            try {
                said = Base64.getDecoder()
                        .decode(given.substring(SCHEME.length()).strip());
            } catch (IllegalArgumentException e) {
                // wrong, as any other
            }
        }
        return MessageDigest.isEqual(digest(said), expected);
    }

    private synchronized boolean isShutOut(String address) {
        Failures before = failures.get(address);
        return before != null && before.count >= MAX_FAILURES && !isOver(before);
    }

    private boolean isOver(Failures before) {
        return clock.nanoTime() - before.sinceNanos >= WINDOW_NANOS;
    }

    private synchronized void failed(String address) {
        Failures before = failures.remove(address);
        failures.put(
                address,
                before == null || isOver(before)
                        ? new Failures(1, clock.nanoTime())
                        : new Failures(before.count + 1, before.sinceNanos));
        if (failures.size() > MAX_ADDRESSES) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
