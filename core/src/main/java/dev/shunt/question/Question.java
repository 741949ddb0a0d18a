package dev.shunt.question;

/**
 * A question to the manager, which its own threads ask at once and children by a frame, and wait.
 *
 * @param <R> the type of the answer
 */
public sealed interface Question<R> permits OfConnections, OfMembers, OfSlots, OfTables, OfTopics {}
