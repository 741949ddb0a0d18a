package dev.shunt.examples.demo;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.shunt.examples.Address;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where the mails go, in the manager, and how many each recipient got. */
sealed interface MailServer extends AutoCloseable {

    /** The one at this address, or an embedded one if there is none. */
    static MailServer at(@Nullable Address given) {
        return given == null ? new Embedded() : new Remote(given, new ConcurrentHashMap<>());
    }

    Address address();

    /** Whether it takes mail that nobody asked for, to warm up. */
    boolean isForPlay();

    /** The server has said that it takes a mail. */
    void accepted(String recipient);

    int received(String recipient);

    @Override
    void close();

    /** GreenMail on a free port; what it received is what lies in its mailboxes. */
    final class Embedded implements MailServer {

        private static final String HOST = "127.0.0.1";

        private final GreenMail greenMail =
                new GreenMail(new ServerSetup(0, HOST, ServerSetup.PROTOCOL_SMTP));

        Embedded() {
            greenMail.withConfiguration(new GreenMailConfiguration().withDisabledAuthentication());
            Thread.setDefaultUncaughtExceptionHandler(Embedded::threadEnded);
            greenMail.start();
        }

        /**
         * A client that dies amidst a mail ends GreenMail's thread for it; whether the mail arrived
         * is counted anyway.
         */
        private static void threadEnded(Thread thread, Throwable thrown) {
            if (!thread.getName().startsWith(ServerSetup.PROTOCOL_SMTP + ":")) {
                thrown.printStackTrace();
            }
        }

        @Override
        public Address address() {
            return new Address(HOST, greenMail.getSmtp().getPort());
        }

        @Override
        public boolean isForPlay() {
            return true;
        }

        @Override
        public void accepted(String recipient) {}

        @Override
        public int received(String recipient) {
            var user = greenMail.getUserManager().getUserByEmail(recipient);
            try {
                return user == null
                        ? 0
                        : greenMail
                                .getManagers()
                                .getImapHostManager()
                                .getInbox(user)
                                .getMessageCount();
            } catch (FolderException e) {
                throw new IllegalStateException("no inbox for " + recipient, e);
            }
        }

        @Override
        public void close() {
            greenMail.stop();
        }
    }

    /** Somebody's: its mailboxes are out of sight, so what it received is what it has accepted. */
    record Remote(Address address, Map<String, Integer> counts) implements MailServer {

        @Override
        public boolean isForPlay() {
            return false;
        }

        @Override
        public void accepted(String recipient) {
            counts.merge(recipient, 1, Integer::sum);
        }

        @Override
        public int received(String recipient) {
            return counts.getOrDefault(recipient, 0);
        }

        @Override
        public void close() {}
    }
}
