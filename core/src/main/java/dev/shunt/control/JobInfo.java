package dev.shunt.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An action on many things that is under way, or was lately.
 *
 * @param state {@code waiting}, {@code running}, {@code done} or {@code stopped}
 * @param problems of at most {@link Done#MAX_PROBLEMS} that could not be done; null if there are none
 */
public record JobInfo(
        long job,
        String action,
        String actor,
        long matched,
        long done,
        String state,
        @Nullable List<Done.Problem> problems) {}
