package dev.shunt.remote;

/** A program could not be asked, or did not do what it was asked for; the message is for people. */
public final class ControlException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why, as a command's exit code says it. */
    public enum Kind {
        FAILED(1),
        /** Asked for what makes no sense, or of which of several programs is not said. */
        WRONG_USE(2),
        NOT_RUNNING(3),
        TIMED_OUT(4);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    public ControlException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
