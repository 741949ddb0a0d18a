package dev.shunt.spring.autoconfigure;

/** Why the tasks of an application cannot be run, and what to do. */
final class ShuntStartException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String action;

    ShuntStartException(String description, String action) {
        super(description);
        this.action = action;
    }

    ShuntStartException(String description, String action, Throwable cause) {
        super(description, cause);
        this.action = action;
    }

    String action() {
        return action;
    }
}
