/**
 * Durable tasks in one SQLite file. The only package that sees JDBC.
 *
 * <pre>
 *   any thread                      thread shunt-task-log                      disk
 *   SqliteTaskLog.append ─► Inbox ─► Writer ─► Tables ── one transaction ───► FILE-wal ─► FILE
 *            done ◄──────────────────┘ all that came while the last one was written
 *   SqliteTaskLog.tasks … ─► Reader ── a connection of its own ───────────── reads both
 *                                                            OwnerLock ───── FILE-lock
 *                                                            FileLock ────── FILE itself, by any name
 * </pre>
 *
 * Read {@link dev.shunt.sqlite.SqliteTaskLog}, then {@code Writer}, {@code Tables}, and {@code TaskFile} for how a file is
 * opened, made and refused, with {@code
 * Inspection}. {@code sqlite3 FILE} may look into it at any time; see {@code Schema} for the columns.
 */
@NullMarked
package dev.shunt.sqlite;

import org.jspecify.annotations.NullMarked;
