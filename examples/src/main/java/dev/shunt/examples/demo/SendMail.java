package dev.shunt.examples.demo;

import dev.shunt.examples.Address;

/**
 * A task: which mail to send, and through which server, as only the manager knows where that is.
 */
record SendMail(Address server, String to) {}
