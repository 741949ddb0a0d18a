package dev.shunt.control;

import java.util.List;

/** Whether the program lives, or is ready to be asked, and if not, why. */
public record Health(boolean ok, String state, List<String> problems) {}
