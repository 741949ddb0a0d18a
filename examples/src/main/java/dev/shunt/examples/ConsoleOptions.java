package dev.shunt.examples;

import dev.shunt.control.ConsoleSettings;
import dev.shunt.server.ServerSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options that say whether a program has a console, and for whom. */
public final class ConsoleOptions implements Options.Together {

    @Option(
            names = "--console",
            arity = "0..1",
            fallbackValue = "127.0.0.1:9090",
            paramLabel = "HOST:PORT",
            converter = Own.class,
            description =
                    "a page that shows and steers the program; where, if not at ${FALLBACK-VALUE}."
                            + " Port 0 is one that is free: the log says which")
    @Nullable Address address;

    @Option(
            names = "--console-user",
            paramLabel = "NAME",
            description = "who may see it; needed where other machines reach it")
    @Nullable String user;

    @Option(
            names = "--console-password-file",
            paramLabel = "FILE",
            description = "where that one's password is")
    @Nullable Path passwordFile;

    @Option(names = "--console-read-only", description = "it shows, and steers nothing")
    boolean readOnly;

    static final class Own implements ITypeConverter<Address> {

        @Override
        public Address convert(String text) throws Exception {
            return Options.explained(Address::parseOwn).convert(text);
        }
    }

    @Override
    public Optional<String> problem() {
        if ((user == null) != (passwordFile == null)) {
            return Optional.of("--console-user and --console-password-file go together");
        }
        if (address == null && (user != null || readOnly)) {
            return Optional.of("where is the console to be? Say --console HOST:PORT");
        }
        return Optional.empty();
    }

    /** For {@code Server.set}. */
    public void set(ServerSettings settings) {
        if (address != null) {
            settings.console(address.host(), address.port(), this::with);
        }
    }

    /** What a browser opens; empty if there is none, or at a port that is not known yet. */
    public Optional<String> url() {
        return address == null || address.port() == 0
                ? Optional.empty()
                : Optional.of("http://" + address + "/");
    }

    private ConsoleSettings with(ConsoleSettings console) {
        var forUser =
                user == null || passwordFile == null
                        ? console
                        : console.credentials(user, passwordFile);
        return readOnly ? forUser.readOnly() : forUser;
    }
}
