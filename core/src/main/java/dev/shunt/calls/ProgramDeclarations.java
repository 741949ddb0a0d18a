package dev.shunt.calls;

import dev.shunt.check.Check;
import dev.shunt.plan.Hooks.ChildExit;
import java.util.function.Consumer;

/**
 * What can be said before the program starts about its workers, whatever they do.
 *
 * @param <S> the face, which every declaration returns
 */
public interface ProgramDeclarations<S> extends ProcessDeclarations<S> {

    /** For this package. */
    @Override
    FaceState<S> state();

    /** In the manager, when a child ended unasked; it is being replaced already. */
    default S onWorkerError(Consumer<? super ChildExit> callback) {
        state().listening("onWorkerError").workerError = Check.given("onWorkerError", callback);
        return state().self();
    }

    /** In the worker it was sent to: a message of another worker's {@link ProgramCalls#sendMessage}. */
    default S onPipeMessage(PipeMessageCallback callback) {
        state().listening("onPipeMessage").pipeMessage = Check.given("onPipeMessage", callback);
        return state().self();
    }
}
