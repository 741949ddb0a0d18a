package dev.shunt;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long these tests wait for what must happen, unless they say otherwise: many wait for JVMs, on a machine that may be
 * busy with others. JUnit finds it as a service.
 */
public final class Patience implements BeforeAllCallback {

    private static final Duration DEFAULT = Duration.ofSeconds(60);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(DEFAULT);
    }
}
