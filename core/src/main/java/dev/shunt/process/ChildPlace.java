package dev.shunt.process;

import java.util.List;

/**
 * A place that always has a child: when one dies, its successor gets the same place.
 *
 * @param groupIndex the group's position in the plan
 * @param index which of the group's children this is, from 0
 * @param slots how many things run at once there
 * @param jvmOptions what the group adds to {@link ChildOptions#DEFAULTS}
 */
public record ChildPlace(String group, int groupIndex, int index, int slots, List<String> jvmOptions) {

    public ChildPlace {
        if (slots < 1) {
            throw new IllegalArgumentException("child " + index + " of group " + group + " with " + slots + " slots");
        }
        jvmOptions = List.copyOf(jvmOptions);
    }

    @Override
    public String toString() {
        return group + ' ' + index;
    }
}
