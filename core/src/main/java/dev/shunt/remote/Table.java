package dev.shunt.remote;

import dev.shunt.log.Escaped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Rows for people: columns below each other, numbers to the right, lines no wider than the terminal. What others wrote is
 * escaped. Not thread-safe.
 */
public final class Table {

    private static final int LEAST_WIDTH = 4;
    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();
    private final boolean[] right;

    public Table(String... header) {
        this.header = List.of(header);
        this.right = new boolean[header.length];
    }

    /** @param cells as many as the header has; a number stands to the right, a fraction with one digit behind the point */
    public Table row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + header.size() + " columns " + header);
        }
        var row = new ArrayList<String>();
        for (int i = 0; i < cells.length; i++) {
            right[i] |= cells[i] instanceof Number;
            row.add(
                    cells[i] instanceof Double fraction
                            ? String.format(Locale.ROOT, "%.1f", fraction)
                            : Escaped.text(String.valueOf(cells[i])));
        }
        rows.add(row);
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /**
     * Its lines, each with its end.
     *
     * @param width of the terminal, in characters; 0 if nothing is to be cut
     */
    public String text(int width) {
        var widths = widths(width);
        var text = new StringBuilder();
        line(text, header.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList(), widths);
        rows.forEach(row -> line(text, row, widths));
        return text.toString();
    }

    private int[] widths(int width) {
        int[] widths = IntStream.range(0, header.size())
                .map(i -> Math.max(
                        header.get(i).length(),
                        rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0)))
                .toArray();
        int all = IntStream.of(widths).sum() + GAP.length() * (widths.length - 1);
        while (width > 0 && all > width) {
            int widest = IntStream.range(0, widths.length)
                    .reduce((a, b) -> widths[b] > widths[a] ? b : a)
                    .orElseThrow();
            if (widths[widest] <= LEAST_WIDTH) {
                break;
            }
            widths[widest]--;
            all--;
        }
        return widths;
    }

    private void line(StringBuilder text, List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cut(cells.get(i), widths[i]);
            String space = " ".repeat(widths[i] - cell.length());
            line.append(i == 0 ? "" : GAP).append(right[i] ? space + cell : cell + space);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static String cut(String cell, int width) {
        return cell.length() <= width ? cell : cell.substring(0, width - 1) + "…";
    }
}
