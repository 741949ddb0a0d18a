package dev.shunt.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

/** The class whose {@code main} has started the application, if that is known. */
record MainClass(@Nullable Class<?> type) {

    static final MainClass UNKNOWN = new MainClass(null);

    /** By the developer tools, on a thread and with a class loader that a child has not. */
    boolean isRestarted() {
        var loader = Thread.currentThread().getContextClassLoader();
        return type != null && loader != null && loader.getClass().getName().endsWith(".RestartClassLoader");
    }

    Class<?> typeOrThrow() {
        if (type == null) {
            throw new IllegalStateException("the application's main class is not known; set shunt.children.main");
        }
        return type;
    }
}
