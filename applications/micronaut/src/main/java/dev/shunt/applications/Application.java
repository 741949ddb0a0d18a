package dev.shunt.applications;

import dev.shunt.Shunt;
import dev.shunt.pool.TaskPool;
import dev.shunt.task.Result;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.runtime.Micronaut;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** {@code GET /pictures/NAME?seconds=S}: made by a bean, in a child that has the beans and no web server. */
@Factory
public class Application {

    record Picture(String name, int seconds) {}

    public static void main(String... args) {
        if (Shunt.isChild()) {
            ApplicationContext.run(); // comes to the start of the pool and stays there
        } else {
            Micronaut.run(Application.class, args);
        }
    }

    @Context
    @Bean(preDestroy = "close")
    TaskPool pool(Painter painter) {
        return TaskPool.builder("pictures")
                .slots(2)
                .answer(Picture.class, painter::made)
                .start();
    }

    @Singleton
    static class Painter {

        String made(Picture picture) {
            IO.println(picture.name() + " is made");
            var time = CompletableFuture.delayedExecutor(picture.seconds(), TimeUnit.SECONDS);
            CompletableFuture.runAsync(() -> {}, time).join();
            return picture.name() + " was made in process "
                    + ProcessHandle.current().pid();
        }
    }

    @Controller("/pictures")
    static class Pictures {

        private final TaskPool pool;

        Pictures(TaskPool pool) {
            this.pool = pool;
        }

        @Get(value = "/{name}", produces = "text/plain")
        CompletionStage<HttpResponse<String>> picture(String name, @QueryValue(defaultValue = "0") int seconds) {
            return pool.submit(new Picture(name, seconds)).result().thenApply(result -> switch (result) {
                case Result.Done done -> HttpResponse.ok(done.data().text());
                case Result.Rejected _ -> HttpResponse.status(HttpStatus.SERVICE_UNAVAILABLE);
                case Result.TimedOut _ -> HttpResponse.status(HttpStatus.GATEWAY_TIMEOUT);
                case Result.Failed _, Result.Lost _, Result.Cancelled _ -> HttpResponse.serverError(result.toString());
            });
        }
    }

    @Singleton
    static class Listening implements ApplicationEventListener<ServerStartupEvent> {

        @Override
        public void onApplicationEvent(ServerStartupEvent event) {
            IO.println("listening on 127.0.0.1:" + event.getSource().getPort());
        }
    }
}
