/**
 * The face in Workerman's words: {@link dev.shunt.worker.Worker}s build a plan and hand it to the engine;
 * {@link dev.shunt.worker.AsyncTcpConnection} and {@link dev.shunt.worker.Timer} belong to the slot that uses them.
 */
@NullMarked
package dev.shunt.worker;

import org.jspecify.annotations.NullMarked;
