package dev.shunt.question;

/** About the slots of groups, of which there may be others than the plan says. */
public sealed interface OfSlots<R> extends Question<R> {

    /** How many a group has now. */
    record Count(String group) implements OfSlots<Integer> {}
}
