package dev.shunt.engine.child;

import dev.shunt.ipc.Frame;
import dev.shunt.process.ProgramIdentity;

/** What this child tells of itself now and then. */
final class AboutChild {

    private final String version = ProgramIdentity.versionOfThisProcess();

    Frame.Pong now() {
        var runtime = Runtime.getRuntime();
        return new Frame.Pong(runtime.totalMemory() - runtime.freeMemory(), runtime.maxMemory(), version);
    }
}
