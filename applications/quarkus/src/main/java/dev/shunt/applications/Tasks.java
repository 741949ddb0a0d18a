package dev.shunt.applications;

import dev.shunt.applications.Painter.Picture;
import dev.shunt.pool.TaskPool;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** The application's pool. Where it starts a child stays. */
@Startup
@ApplicationScoped
class Tasks {

    private final TaskPool pool;

    Tasks(Painter painter) {
        pool = TaskPool.builder("pictures")
                .slots(2)
                .answer(Picture.class, painter::made)
                .start();
    }

    TaskPool pool() {
        return pool;
    }

    void stop(@Observes ShutdownEvent event) {
        pool.close();
    }
}
