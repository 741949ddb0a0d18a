package dev.shunt.calls;

import dev.shunt.log.Log;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/** What a program has set and what changes nothing as the rest of it is: one warning at its start names it all. */
public final class WithoutEffect {

    private static final Logger LOG = Log.of(WithoutEffect.class);

    private final Map<String, List<String>> settingsByReason = new LinkedHashMap<>();

    /** @param set whether the program has set it */
    public WithoutEffect add(boolean set, String setting, String why) {
        if (set) {
            settingsByReason.computeIfAbsent(why, _ -> new ArrayList<>()).add(setting);
        }
        return this;
    }

    /** In the manager, once. */
    public void warn() {
        if (!settingsByReason.isEmpty()) {
            LOG.warn("without effect: {}", this);
        }
    }

    @Override
    public String toString() {
        return settingsByReason.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + " (" + entry.getKey() + ")")
                .collect(Collectors.joining("; "));
    }
}
