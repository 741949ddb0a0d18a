package dev.shunt.applications;

import dev.shunt.applications.Pictures.Picture;
import io.javalin.Javalin;
import org.eclipse.jetty.server.handler.GracefulHandler;

/** Javalin: {@code GET /pictures/NAME?seconds=S}. */
public final class JavalinServer {

    private JavalinServer() {}

    public static void main(String... args) {
        var pool = Pictures.pool().start(); // a child stays here
        var app = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.jetty.modifyServer(jetty -> {
                jetty.insertHandler(new GracefulHandler()); // stop() has requests answered
                jetty.setStopTimeout(20_000);
            });
            config.routes.get("/pictures/{name}", context -> {
                var seconds =
                        context.queryParamAsClass("seconds", Integer.class).getOrDefault(0);
                var picture = pool.submit(new Picture(context.pathParam("name"), seconds));
                context.future(() -> picture.result().toCompletableFuture().thenAccept(result -> {
                    context.status(Pictures.status(result));
                    context.result(Pictures.text(result));
                }));
            });
        });
        app.start("127.0.0.1", Integer.parseInt(args[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            app.stop();
            pool.close();
        }));
        IO.println("listening on 127.0.0.1:" + app.port());
    }
}
