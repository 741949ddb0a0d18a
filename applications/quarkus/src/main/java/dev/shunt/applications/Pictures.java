package dev.shunt.applications;

import dev.shunt.applications.Painter.Picture;
import dev.shunt.task.Result;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;

/** {@code GET /pictures/NAME?seconds=S}. */
@Path("/pictures/{name}")
public class Pictures {

    private final Tasks tasks;

    Pictures(Tasks tasks) {
        this.tasks = tasks;
    }

    @GET
    public CompletionStage<Response> picture(
            @PathParam("name") String name, @QueryParam("seconds") @DefaultValue("0") int seconds) {
        return tasks.pool().submit(new Picture(name, seconds)).result().thenApply(result -> switch (result) {
            case Result.Done done -> Response.ok(done.data().text()).build();
            case Result.Rejected _ -> Response.status(503).build();
            case Result.TimedOut _ -> Response.status(504).build();
            case Result.Failed _, Result.Lost _, Result.Cancelled _ ->
                Response.serverError().entity(result.toString()).build();
        });
    }
}
