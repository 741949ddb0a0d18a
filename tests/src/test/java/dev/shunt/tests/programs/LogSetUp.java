package dev.shunt.tests.programs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;

/**
 * Logback set up without XML, which every program and child would parse. The lines are those of the examples' {@code
 * logback.xml}; {@code LOG_LEVEL}, a system property or a variable of the environment, is the level of Shunt's loggers.
 */
public final class LogSetUp extends ContextAwareBase implements Configurator {

    private static final String LEVEL = "LOG_LEVEL";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var lines = new Lines();
        lines.setContext(context);
        lines.start();
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(lines);
        console.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        context.getLogger("audit").setLevel(Level.INFO);
        String level = System.getProperty(LEVEL, Objects.requireNonNullElse(System.getenv(LEVEL), ""));
        context.getLogger("dev.shunt").setLevel(Level.toLevel(level, Level.WARN));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** One line each, exceptions and their causes included, stacks not. */
    private static final class Lines extends EncoderBase<ILoggingEvent> {

        @Override
        public byte[] headerBytes() {
            return new byte[0];
        }

        @Override
        public byte[] encode(ILoggingEvent event) {
            String name = event.getLoggerName();
            return "%s %-5s %s: %s%s%n"
                    .formatted(
                            Time.FORMAT.format(event.getInstant()),
                            event.getLevel(),
                            name.substring(name.lastIndexOf('.') + 1),
                            event.getFormattedMessage(),
                            exceptionOf(event))
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] footerBytes() {
            return new byte[0];
        }

        private static String exceptionOf(ILoggingEvent event) {
            if (event.getThrowableProxy() == null) {
                return "";
            }
            var converter = new ThrowableProxyConverter();
            converter.setOptionList(List.of("0"));
            converter.start();
            return (" " + converter.convert(event)).stripTrailing().replaceAll("\\s+", " ");
        }
    }

    /** Made for the first line, which most programs never write. */
    private static final class Time {

        private static final DateTimeFormatter FORMAT =
                DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    }
}
