package dev.shunt.control;

import java.util.function.Supplier;

/**
 * The program's numbers as text for whoever collects them, at {@code /metrics} of its listeners; of a module that has it,
 * found as a service. Safe for use by any thread.
 */
public interface MetricsFormat {

    /** What is said where there is none. */
    String MISSING =
            "metrics need the module shunt-micrometer and micrometer-registry-prometheus, which are not on the class"
                    + " path; add dev.shunt:shunt-micrometer";

    /** What one program's collector is answered. */
    interface Source {

        /** May wait for the program. */
        Pages.Page page();
    }

    /** Whether the libraries that it needs are there. */
    boolean isUsable();

    /** @param measures of the program as it is now; may wait, and throws {@link ControlException} if it does not answer */
    Source open(Supplier<Measures> measures);
}
