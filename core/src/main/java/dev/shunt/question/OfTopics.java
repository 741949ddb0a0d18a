package dev.shunt.question;

import dev.shunt.data.Data;

/** About what is published to all processes. */
public sealed interface OfTopics<R> extends Question<R> {

    /** How many processes have it. */
    record Publish(String topic, Data message) implements OfTopics<Integer> {}
}
