package dev.shunt.examples;

import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMessage.RecipientType;
import java.time.ZonedDateTime;
import java.util.Properties;

/**
 * Sends mail over SMTP with Angus Mail, a connection for each. Waits up to 10 seconds for the
 * server. Safe for many threads.
 */
public final class Mailer {

    private static final String TIMEOUT_MILLIS = "10000";

    private final Session session;

    public Mailer(Address server) {
        var settings = new Properties();
        settings.setProperty("mail.smtp.host", server.host());
        settings.setProperty("mail.smtp.port", Integer.toString(server.port()));
        settings.setProperty("mail.smtp.connectiontimeout", TIMEOUT_MILLIS);
        settings.setProperty("mail.smtp.timeout", TIMEOUT_MILLIS);
        settings.setProperty("mail.smtp.writetimeout", TIMEOUT_MILLIS);
        // HELO, as no extension is needed: GreenMail answers EHLO in two packets, which costs 40 ms
        // of delayed acknowledgement.
        settings.setProperty("mail.smtp.ehlo", "false");
        session = Session.getInstance(settings);
    }

    /** Returns when the server has accepted the mail. */
    public void send(String from, String to, String subject, String contents)
            throws MessagingException {
        var message = new MimeMessage(session);
        message.setFrom(new InternetAddress(from));
        message.setRecipient(RecipientType.TO, new InternetAddress(to));
        message.setSubject(subject, "UTF-8");
        message.setHeader("Date", RFC_1123_DATE_TIME.format(ZonedDateTime.now(UTC)));
        message.setText(contents, "UTF-8");
        Transport.send(message);
    }

    /** Says hello to the server, and goodbye. */
    public void greet() throws MessagingException {
        try (var transport = session.getTransport("smtp")) {
            transport.connect();
        }
    }
}
