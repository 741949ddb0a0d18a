package dev.shunt.cron;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Minute, hour, day of month, month, day of week, as in crontab(5), or a name such as {@code @daily}. Immutable. Summer
 * time is treated as cron does, which the parser alone does not: see {@link #next}.
 */
public final class CronExpression {

    private final String text;
    private final ExecutionTime times;
    private final boolean everyHour;
    private final boolean frequent;

    private CronExpression(String text, Cron cron) {
        this.text = text;
        this.times = ExecutionTime.forCron(cron);
        this.everyHour = cron.retrieve(CronFieldName.HOUR).getExpression() instanceof Always;
        this.frequent = isFrequent(text.trim().split("\\s+", -1));
    }

    /** By minute and hour, as cron itself tells: one that begins with {@code *}, and more than once in an hour. */
    private static boolean isFrequent(String[] fields) {
        return fields.length == 5
                && (fields[0].startsWith("*") || (fields[1].startsWith("*") && !fields[0].matches("\\d+")));
    }

    /** Throws {@link IllegalArgumentException}, with the expression and what is wrong, also if it names no time at all. */
    public static CronExpression parse(String text) {
        CronExpression parsed;
        try {
            parsed = new CronExpression(text, new CronParser(definition(text)).parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no cron expression: " + reason(e)
                            + "; give minute, hour, day of month, month and day of week, or @hourly, @daily, @weekly,"
                            + " @monthly, @yearly",
                    e);
        }
        if (parsed.next(Instant.EPOCH, ZoneOffset.UTC).isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' names no time: there is no such day");
        }
        return parsed;
    }

    /**
     * UNIX cron as the library defines it, and the names besides. Of day of month and day of week either is enough, unless
     * one of them begins with {@code *}, be it {@code *}{@code /2}: then it must be both.
     */
    private static CronDefinition definition(String text) {
        var fields = text.trim().split("\\s+", -1);
        boolean both = fields.length == 5 && (fields[2].startsWith("*") || fields[4].startsWith("*"));
        var fieldsOfCron = fieldsOfCron();
        return (both ? fieldsOfCron.matchDayOfWeekAndDayOfMonth() : fieldsOfCron).instance();
    }

    private static CronDefinitionBuilder fieldsOfCron() {
        return CronDefinitionBuilder.defineCron()
                .withMinutes()
                .withValidRange(0, 59)
                .withStrictRange()
                .and()
                .withHours()
                .withValidRange(0, 23)
                .withStrictRange()
                .and()
                .withDayOfMonth()
                .withValidRange(1, 31)
                .withStrictRange()
                .and()
                .withMonth()
                .withValidRange(1, 12)
                .withStrictRange()
                .and()
                .withDayOfWeek()
                .withValidRange(0, 7)
                .withMondayDoWValue(1)
                .withIntMapping(7, 0)
                .withStrictRange()
                .and()
                .withSupportedNicknameAnnually()
                .withSupportedNicknameYearly()
                .withSupportedNicknameMonthly()
                .withSupportedNicknameWeekly()
                .withSupportedNicknameDaily()
                .withSupportedNicknameMidnight()
                .withSupportedNicknameHourly();
    }

    /** The library says first that it failed, and then why. */
    private static String reason(IllegalArgumentException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }

    /**
     * Whether it names several times in an hour, so that it simply goes by a clock that is set; a time of other expressions
     * is not to come twice then, nor to be left out.
     */
    public boolean isFrequent() {
        return frequent;
    }

    /**
     * The first time after {@code after}, if there is one. A local time that a change of the zone's offset leaves out
     * is due at that change; one that comes twice is due the first time. But an expression for every hour follows the
     * clock: it is due in each hour that there is, and in none that there is not.
     */
    public Optional<Instant> next(Instant after, ZoneId zone) {
        return everyHour ? nextOfEveryHour(after, zone) : nextOfLocalTime(after, zone);
    }

    private Optional<Instant> nextOfLocalTime(Instant after, ZoneId zone) {
        var rules = zone.getRules();
        var passed = LocalDateTime.ofInstant(after, zone);
        var change = rules.getTransition(passed);
        if (change != null && !after.isBefore(change.getInstant())) {
            passed = change.getDateTimeBefore().minusSeconds(1); // the hour that comes twice was due the first time
        }
        return next(passed, ZoneOffset.UTC).map(due -> {
            var left = rules.getTransition(due);
            return left != null && left.isGap()
                    ? left.getInstant()
                    : due.atZone(zone).toInstant();
        });
    }

    /** With the offset of {@code after} up to the next change of the offset, then with the new one. */
    private Optional<Instant> nextOfEveryHour(Instant after, ZoneId zone) {
        var rules = zone.getRules();
        var since = after;
        var passed = LocalDateTime.ofInstant(after, zone);
        while (true) {
            var offset = rules.getOffset(since);
            var due = next(passed, offset).map(local -> local.toInstant(offset));
            var change = rules.nextTransition(since);
            if (change == null || due.isEmpty() || due.get().isBefore(change.getInstant())) {
                return due;
            }
            since = change.getInstant();
            passed = change.getDateTimeAfter().minusSeconds(1);
        }
    }

    /** The library is asked in offsets only, never in zones. */
    private Optional<LocalDateTime> next(LocalDateTime after, ZoneOffset offset) {
        return times.nextExecution(after.truncatedTo(ChronoUnit.SECONDS).atZone(offset))
                .map(due -> due.toLocalDateTime());
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
