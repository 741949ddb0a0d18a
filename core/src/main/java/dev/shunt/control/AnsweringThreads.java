package dev.shunt.control;

import java.util.concurrent.Executor;

/**
 * Where calls are answered, which may wait; each refuses what is too much. Actions have threads of their own: who looks is not
 * held up by those who wait until much has been done.
 */
public record AnsweringThreads(Executor looking, Executor acting) {

    public Executor of(String method) {
        return method.equals("POST") ? acting : looking;
    }
}
