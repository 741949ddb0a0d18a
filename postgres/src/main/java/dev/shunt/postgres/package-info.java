/**
 * Durable tasks that nodes share, in PostgreSQL 15 or newer. Read {@link dev.shunt.postgres.PostgresTaskQueue}, then {@code Schema},
 * {@code Node}, and its three threads, each with a connection of its own:
 *
 * <pre>
 *   append ──► Writer   what happens to tasks, many in one transaction
 *   want   ──► Claimer  hands out, promotes what is due, fetches results
 *              Beats    says that this node lives, finds those that do not, hears NOTIFY
 * </pre>
 */
@NullMarked
package dev.shunt.postgres;

import org.jspecify.annotations.NullMarked;
