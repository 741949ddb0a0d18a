package dev.shunt.benchmarks.load;

import java.util.List;
import java.util.function.Function;

/** A name on the command line, what it is about, and the cases it has. */
record Scenario(String name, String what, Function<Effort, List<Case>> cases) {}
