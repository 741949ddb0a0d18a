package dev.shunt.benchmarks.fleet;

import java.util.List;

/** Nodes that share tasks. What a task does is nothing; it is over when whoever submitted it, or its node, knows. */
interface Fleet extends AutoCloseable {

    /** Submits tasks with such payloads on the first node; {@code done} runs once for each that is over. */
    void submit(List<String> payloads, Runnable done) throws Exception;

    @Override
    void close();
}
