package dev.shunt.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a list. */
final class Page {

    @Option(names = "--page", paramLabel = "N", description = "which page, from 1")
    @Nullable Integer page;

    @Option(names = "--size", paramLabel = "N", description = "how many on a page, at most 1000; default 100")
    @Nullable Integer size;

    Query of(Query query) {
        return query.with("page", page).with("size", size);
    }
}
