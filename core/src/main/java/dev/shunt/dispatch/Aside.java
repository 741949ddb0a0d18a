package dev.shunt.dispatch;

/**
 * Tasks that wait for their time or for their turn under a key, not for a slot, in number and bytes. They take no room
 * of those that want a slot. Owned by the {@link Dispatcher}.
 */
final class Aside<P> {

    private int size;
    private long bytes;

    /** Does nothing if it waits so already. */
    void add(Work<P> task) {
        if (!task.aside) {
            task.aside = true;
            size++;
            bytes += task.bytes();
        }
    }

    /** It wants a slot, or is over; does nothing if it was so before. */
    void remove(Work<P> task) {
        if (task.aside) {
            task.aside = false;
            size--;
            bytes -= task.bytes();
        }
    }

    int size() {
        return size;
    }

    long bytes() {
        return bytes;
    }
}
