package dev.shunt.process;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a child's shape differs from its manager's: the lines between the common beginning and the common end. */
final class ShapeDiff {

    private ShapeDiff() {}

    static String of(String managerShape, String childShape) {
        var manager = managerShape.lines().toList();
        var child = childShape.lines().toList();
        int shorter = Math.min(manager.size(), child.size());
        int start = 0;
        while (start < shorter && manager.get(start).equals(child.get(start))) {
            start++;
        }
        int end = 0;
        while (end < shorter - start
                && manager.get(manager.size() - 1 - end).equals(child.get(child.size() - 1 - end))) {
            end++;
        }
        return Stream.concat(
                        marked("  manager: ", manager.subList(start, manager.size() - end)),
                        marked("  child:   ", child.subList(start, child.size() - end)))
                .collect(Collectors.joining("\n"));
    }

    private static Stream<String> marked(String mark, List<String> lines) {
        return lines.isEmpty()
                ? Stream.of(mark + "(nothing here)")
                : lines.stream().map(line -> mark + line);
    }
}
