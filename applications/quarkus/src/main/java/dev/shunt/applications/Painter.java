package dev.shunt.applications;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Makes pictures, in a child. */
@ApplicationScoped
class Painter {

    record Picture(String name, int seconds) {}

    String made(Picture picture) {
        IO.println(picture.name() + " is made");
        var time = CompletableFuture.delayedExecutor(picture.seconds(), TimeUnit.SECONDS);
        CompletableFuture.runAsync(() -> {}, time).join();
        return picture.name() + " was made in process "
                + ProcessHandle.current().pid();
    }
}
