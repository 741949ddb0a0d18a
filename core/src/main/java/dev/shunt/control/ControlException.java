package dev.shunt.control;

/** What was asked for cannot be had; the message names the value, the thing and the remedy. */
public final class ControlException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    /** @param status of HTTP: 400, 403, 404, 405, 409, 413, 421 or 503 */
    public ControlException(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }

    public static ControlException badRequest(String message) {
        return new ControlException(400, message);
    }

    public static ControlException notFound(String message) {
        return new ControlException(404, message);
    }

    public static ControlException conflict(String message) {
        return new ControlException(409, message);
    }

    public static ControlException unavailable(String message) {
        return new ControlException(503, message);
    }
}
