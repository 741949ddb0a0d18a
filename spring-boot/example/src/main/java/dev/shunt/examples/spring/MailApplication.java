package dev.shunt.examples.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/**
 * Takes mails over HTTP and has tasks send them, in child processes and durably: {@code POST /mails}, {@code GET
 * /mails/ID}, {@code GET /actuator/health}. Options: {@code --port P}, {@code --host H}, {@code --store FILE}.
 */
@SpringBootApplication
public class MailApplication {

    private static final Map<String, String> OPTIONS =
            Map.of("--port", "--server.port=", "--host", "--server.address=", "--store", "--mails.store=");

    public static void main(String... args) {
        SpringApplication.run(MailApplication.class, asProperties(List.of(args)));
    }

    /** {@code --port 8080} is {@code --server.port=8080}; anything else stays as it is. */
    static String[] asProperties(List<String> args) {
        var properties = new ArrayList<String>();
        for (int at = 0; at < args.size(); at++) {
            String property = OPTIONS.get(args.get(at));
            properties.add(property == null || at + 1 == args.size() ? args.get(at) : property + args.get(++at));
        }
        return properties.toArray(String[]::new);
    }

    @EventListener
    void listening(WebServerInitializedEvent event) {
        String host = event.getApplicationContext().getEnvironment().getProperty("server.address", "0.0.0.0");
        IO.println("listening on " + host + ':' + event.getWebServer().getPort());
    }
}
