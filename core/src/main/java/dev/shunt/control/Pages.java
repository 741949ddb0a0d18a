package dev.shunt.control;

import java.util.Optional;

/** Pages beside the API, of a module that has them; found as a service. Safe for use by any thread. */
public interface Pages {

    /** @param type its {@code Content-Type} */
    record Page(String type, byte[] content) {}

    /** @param name the path without the first {@code /}; empty for the first page */
    Optional<Page> page(String name);
}
