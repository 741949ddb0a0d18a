/**
 * The face in Swoole's words: {@link dev.shunt.server.Server} builds a plan and hands it to the engine.
 */
@NullMarked
package dev.shunt.server;

import org.jspecify.annotations.NullMarked;
