package dev.shunt.process;

/**
 * Where a child is in its life.
 *
 * <pre>
 *   STARTING ──Hello──► GREETED ──Ready──► READY
 *       │                  │                 │
 *       └──────────────────┴────────┬────────┘   Stop sent, or refused, or killed by the manager
 *                                   ▼
 *                                LEAVING
 *   from any of these, once its link is closed and its process has exited:  GONE
 * </pre>
 */
enum ChildState {
    /** The process runs; it has not said who it is. */
    STARTING,
    /** It has the right secret and shape, and starts its slots. */
    GREETED,
    /** It takes leases. */
    READY,
    /** It gets no more leases, and is killed if it does not end. */
    LEAVING,
    /** Nothing of it is left but its slot table. */
    GONE
}
