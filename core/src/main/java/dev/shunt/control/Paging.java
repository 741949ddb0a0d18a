package dev.shunt.control;

import java.util.List;

/**
 * Which part of a list.
 *
 * @param page from 1
 * @param size 1 to {@link #MAX_SIZE}
 */
public record Paging(int page, int size) {

    public static final int MAX_SIZE = 1000;

    public static final Paging FIRST = new Paging(1, 100);

    public Paging {
        if (page < 1 || page > 1_000_000) {
            throw ControlException.badRequest("page " + page + "; pages are 1 to 1000000");
        }
        if (size < 1 || size > MAX_SIZE) {
            throw ControlException.badRequest("size " + size + "; a page has 1 to " + MAX_SIZE);
        }
    }

    /** Of the first one on this page, from 0. */
    public long from() {
        return (long) (page - 1) * size;
    }

    public <T> List<T> of(List<T> all) {
        int from = (int) Math.min(from(), all.size());
        return List.copyOf(all.subList(from, Math.min(all.size(), from + size)));
    }
}
