package dev.shunt.testing;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Looks for descendants of a program that has ended. None may outlive it for long. */
final class LeftBehind {

    private static final long GRACE_SECONDS = 15;

    private final Program program;

    LeftBehind(Program program) {
        this.program = program;
    }

    /** Waits a little for descendants on their way out; kills those that stay, and throws. */
    void check() {
        List<ProcessHandle> children = program.descendants();
        try {
            CompletableFuture.allOf(children.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            if (!program.descendants().isEmpty()) { // else the last one ended while we gave up
                throw killed(e);
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        if (!program.descendants().isEmpty()) { // born while we looked
            throw killed(null);
        }
    }

    private AssertionError killed(@Nullable Exception cause) {
        var left = program.descendants();
        left.forEach(ProcessHandle::destroyForcibly);
        return new AssertionError(
                "left behind by %d, and killed now: %s"
                        .formatted(program.pid(), left.stream().map(this::name).toList()),
                cause);
    }

    private String name(ProcessHandle process) {
        return process.pid() + " " + process.info().commandLine().orElse("");
    }
}
