package dev.shunt.examples.spring;

/**
 * A task.
 *
 * @param id under which the mail is asked for
 * @param seconds how long it takes to send it
 */
public record SendMail(String id, String to, double seconds) {}
