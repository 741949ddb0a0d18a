package dev.shunt.examples.demo;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.shunt.data.Codec;
import dev.shunt.examples.Address;
import dev.shunt.examples.ConsoleOptions;
import dev.shunt.examples.Mailer;
import dev.shunt.examples.Options;
import dev.shunt.process.ChildIdentity;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Mails many users twice, inside {@code onReceive} and through {@code task()}, and shows what
 * another client of the same server notices. Exit code 0 if every mail arrived exactly once, 1 if
 * not, 2 for wrong options, 130 if it was stopped.
 */
public final class Demo {

    private static final int FAILED = 1;
    private static final int STOPPED = 130;

    /**
     * Read by logback.xml: that a handler holds up its event loop is what one half of the demo is
     * about.
     */
    private static final String SLOW_HANDLERS = "slow.handlers";

    /** How long a comparison whose server has stopped may take to notice. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    @Option(
            names = "--users",
            paramLabel = "N",
            converter = Users.class,
            description = "how many users to mail, default ${DEFAULT-VALUE}")
    private int users = 1_000;

    @Option(
            names = "--task-workers",
            paramLabel = "N",
            converter = TaskWorkers.class,
            description = "how many task workers there are, default ${DEFAULT-VALUE}")
    private int taskWorkers = 4;

    @Option(
            names = "--smtp",
            paramLabel = "HOST:PORT",
            description = "mail through this server, default an embedded one")
    private @Nullable Address smtp;

    @Option(names = "--http", description = "the other client pings over HTTP, as a browser would")
    private boolean http;

    @Mixin private ConsoleOptions console = new ConsoleOptions();

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to a file, too")
    private @Nullable Path json;

    private volatile @Nullable Comparison comparison;

    public static void main(String... args) throws InterruptedException {
        var demo = new Demo();
        Options.read(demo, args);
        System.exit(demo.run());
    }

    private int run() throws InterruptedException {
        String wrong = isChild() ? null : wrongValue();
        if (wrong != null) {
            System.err.println("demo: " + wrong);
            return Options.WRONG_USE;
        }
        System.setProperty(SLOW_HANDLERS, "off");
        var service = new MailService(taskWorkers);
        service.server().set(console::set);
        var comparing = new FutureTask<>(() -> compare(service));
        service.server().onStart(() -> {
            console.url().ifPresent(url -> IO.println("seen at " + url + " while it runs\n"));
            Thread.ofPlatform().name("comparison").start(comparing);
        });
        service.server().start();
        return report(comparing);
    }

    private static boolean isChild() {
        return ChildIdentity.ofThisProcess().isPresent();
    }

    /** What cannot work, found out before anything is started. */
    private @Nullable String wrongValue() {
        if (json != null && !writable(json)) {
            return "--json " + json + " cannot be written; name a file in a directory that exists";
        }
        try {
            if (smtp != null) {
                new Mailer(smtp).greet();
            }
            return null;
        } catch (MessagingException e) {
            return "no mail server answers at --smtp "
                    + smtp
                    + " ("
                    + e.getMessage()
                    + "); start it, or leave --smtp out to use an embedded one";
        }
    }

    private static boolean writable(Path file) {
        return Files.exists(file)
                ? Files.isWritable(file) && !Files.isDirectory(file)
                : Files.isWritable(file.toAbsolutePath().getParent());
    }

    private Figures compare(MailService service) throws IOException, InterruptedException {
        var server = service.server();
        try (var mailServer = MailServer.at(smtp)) {
            service.mailThrough(mailServer.address());
            var begun = new Comparison(service, mailServer, users, http);
            comparison = begun;
            return begun.run();
        } finally {
            server.shutdown();
        }
    }

    private int report(Future<Figures> comparing) throws InterruptedException {
        try {
            return report(comparing.get(LAST_WORDS.toMillis(), MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            var begun = comparison;
            System.err.println(
                    "stopped " + (begun == null ? "before the first mail" : begun.position()));
            return STOPPED;
        }
    }

    private int report(Figures figures) {
        IO.println("\n" + (http ? "each ping is a GET over HTTP\n" : "") + figures.table());
        if (json != null) {
            try {
                Files.write(json, Codec.json().encode(figures));
            } catch (IOException e) {
                System.err.println("demo: " + json + " was not written: " + e);
                return FAILED;
            }
        }
        return figures.exactlyOnce() ? 0 : FAILED;
    }

    private static final class Users implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            return Options.number(text, 1, 1_000_000);
        }
    }

    private static final class TaskWorkers implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            return Options.number(text, 1, 1_000);
        }
    }
}
