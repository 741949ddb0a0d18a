package dev.shunt.question;

/** To whom something is sent, or who is asked about: open connections that take messages. */
public sealed interface Audience {

    record All() implements Audience {}

    record Group(String name) implements Audience {}

    /** All connections that are bound to this user. */
    record User(String uid) implements Audience {}
}
