package dev.shunt.http;

/** One line of the head of a request, as it came; names differ in nothing when they differ in case only. */
public record HttpField(String name, String value) {

    boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }
}
