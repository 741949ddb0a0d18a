/**
 * Sockets: the only package that sees Netty.
 */
@NullMarked
package dev.shunt.netty;

import org.jspecify.annotations.NullMarked;
