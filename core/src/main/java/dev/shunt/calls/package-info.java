/**
 * What every face offers, once: a face implements these interfaces, whose methods work on its {@link
 * dev.shunt.calls.FaceState}.
 *
 * <pre>
 *   before the start  TaskDeclarations     onTask, handle, answer, schedule, onFinish, …
 *                     ProgramDeclarations  onPipeMessage, onWorkerError
 *   while it runs     TaskCalls            task, submit, taskWait, finish, deadTasks, …
 *                     ProgramCalls         tick, after, send, close, sendMessage
 *                     ConnectionCalls      connections, info, isOpen, abort
 *                     GroupCalls           joinGroup, bindUid, sendToAll, sendToGroup, sendToUid, setSession, …
 *                     SharedCalls          table, atomic, publish, subscribe
 * </pre>
 */
@NullMarked
package dev.shunt.calls;

import org.jspecify.annotations.NullMarked;
