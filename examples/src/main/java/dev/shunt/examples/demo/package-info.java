/**
 * The demo: one server mails every user twice, once while its event loop waits for each mail and
 * once through task workers, and a client that only pings it notices the difference.
 *
 * <pre>
 *   Demo ──► MailService (the server) ──task()──► task worker processes ──► MailServer
 *     │        ▲          ▲      └─────────── the way to avoid ──────────────▲
 *     └► Comparison: MailClient, PingClient, Progress ──► Figures
 * </pre>
 */
@NullMarked
package dev.shunt.examples.demo;

import org.jspecify.annotations.NullMarked;
