package dev.shunt.control;

/**
 * An action on many things that is under way, or was lately.
 *
 * @param state {@code waiting}, {@code running}, {@code done} or {@code stopped}
 */
public record JobInfo(long job, String action, String actor, long matched, long done, String state) {}
