package dev.shunt.http;

/**
 * Thrown by a handler of requests, answers the request with a status and a text that the client may read. Everything else
 * that a handler throws is answered with 500, without its text, and logged.
 */
public final class HttpException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int FIRST = 400;
    private static final int LAST = 599;

    private final int status;

    /**
     * @param status 400 to 599
     * @param text what the client reads
     */
    public HttpException(int status, String text) {
        super(text);
        if (status < FIRST || status > LAST) {
            throw new IllegalArgumentException("status " + status
                    + " is no error; give 400 to 599, or answer with response.status(" + status + ")");
        }
        this.status = status;
    }

    public int status() {
        return status;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
