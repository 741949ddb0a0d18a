package dev.shunt.examples.spring;

import dev.shunt.spring.ShuntTasks;
import dev.shunt.task.Result;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Mails over HTTP. A mail is answered for when its task is stored. */
@RestController
@RequestMapping("/mails")
class MailController {

    private static final double LONGEST_SECONDS = 3_600;

    /** @param seconds how long it is to take; 0 if it is not said */
    record NewMail(String to, Double seconds) {}

    private final ShuntTasks tasks;
    private final Mails mails;

    MailController(ShuntTasks tasks, Mails mails) {
        this.tasks = tasks;
        this.mails = mails;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Map<String, String> send(@RequestBody NewMail mail) {
        if (mail.to() == null || mail.to().isBlank()) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "to is missing");
        }
        double seconds = mail.seconds() == null ? 0 : mail.seconds();
        if (!(seconds >= 0 && seconds <= LONGEST_SECONDS)) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "seconds must be 0 to " + LONGEST_SECONDS);
        }
        var id = UUID.randomUUID().toString();
        mails.queued(id, mail.to());
        var task = tasks.submit(new SendMail(id, mail.to(), seconds));
        var _ = task.result().thenAccept(result -> ended(id, result));
        task.stored().toCompletableFuture().join();
        return Map.of("id", id);
    }

    /** What the task itself cannot write down. A task that the store keeps runs when the application is started next. */
    private void ended(String id, Result result) {
        switch (result) {
            case Result.Done _ -> {}
            case Result.Failed failed ->
                mails.failed(id, String.valueOf(failed.failure().message()));
            case Result.TimedOut _ -> mails.failed(id, "it took too long");
            case Result.Cancelled _ -> mails.failed(id, "it was cancelled");
            case Result.Rejected rejected -> mails.failed(id, rejected.reason());
            case Result.Lost _ -> {}
        }
    }

    @GetMapping("/{id}")
    Mails.Mail find(@PathVariable String id) {
        return mails.find(id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "there is no mail " + id));
    }
}
