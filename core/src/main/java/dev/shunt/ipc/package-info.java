/**
 * How manager and child talk: {@link dev.shunt.ipc.Frame}s over a Unix socket, large payloads through a
 * {@link dev.shunt.ipc.PayloadFiles} of files, and the {@link dev.shunt.ipc.SlotTable}, memory that outlives the child.
 *
 * <pre>
 *   manager                                   child
 *   Link (netty) ◄── frames, batched ──► Link (blocking)
 *   SlotTable (reads) ◄── mapped file ── SlotTable (writes)
 * </pre>
 *
 * Read {@link dev.shunt.ipc.Frame}, then {@link dev.shunt.ipc.FrameCodec}.
 */
@NullMarked
package dev.shunt.ipc;

import org.jspecify.annotations.NullMarked;
