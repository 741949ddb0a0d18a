package dev.shunt.http;

import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a request for a file gets: all of it, a range, that it has not changed, or that it has (RFC 9110, sections 13 and
 * 14). Several ranges at once are parts of one body, unless they are more than the file.
 *
 * @param status 200, 206, 304, 412 or 416
 */
record FileAnswer(int status, FileBody body, String type, String tag, String modified, String range) {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    /** @param typeSaid by the program; else it is guessed from the name of the file */
    static FileAnswer to(Optional<Request> request, Path file, Optional<String> typeSaid) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile() || !Files.isReadable(file)) {
                throw new IllegalArgumentException(file + " is no file that can be read");
            }
            return to(
                    request,
                    file,
                    typeSaid,
                    attributes.size(),
                    attributes.lastModifiedTime().toInstant());
        } catch (NoSuchFileException e) {
            throw new HttpException(404, "there is no such file");
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e, e);
        }
    }

    private static FileAnswer to(
            Optional<Request> request, Path file, Optional<String> typeSaid, long size, Instant modifiedAt) {
        Instant modified = modifiedAt.truncatedTo(ChronoUnit.SECONDS);
        String tag = '"' + Long.toHexString(modifiedAt.toEpochMilli()) + "-" + Long.toHexString(size) + '"';
        String type = typeSaid.orElseGet(() -> guessed(file));
        String name = file.toAbsolutePath().toString();
        var whole = new FileAnswer(200, FileBody.of(name, 0, size), type, tag, DATE.format(modified), "");
        if (request.isEmpty()) {
            return whole;
        }
        if (!isAsExpected(request.get(), tag, modified)) {
            return whole.with(412, 0, 0, "");
        }
        if (isUnchanged(request.get(), tag, modified)) {
            return whole.with(304, 0, 0, "");
        }
        String wanted = request.get().header("range").orElse("");
        boolean get = request.get().method().equals("GET");
        if (!get || wanted.isEmpty() || !stillHolds(request.get(), tag, modified)) {
            return whole;
        }
        return whole.range(wanted, size);
    }

    private static String guessed(Path file) {
        return Optional.ofNullable(URLConnection.guessContentTypeFromName(file.toString()))
                .orElse("application/octet-stream");
    }

    private FileAnswer with(int otherStatus, long offset, long length, String said) {
        return new FileAnswer(otherStatus, FileBody.of(body.path(), offset, length), type, tag, modified, said);
    }

    private FileAnswer range(String wanted, long size) {
        var ranges = FileRange.of(wanted, size);
        if (ranges.isEmpty()) {
            return this;
        }
        var there = ranges.get();
        if (there.isEmpty()) {
            return with(416, 0, 0, "bytes */" + size);
        }
        if (there.size() == 1) {
            var one = there.getFirst();
            return with(206, one.first(), one.length(), one.said(size));
        }
        return there.stream().mapToLong(FileRange::length).sum() > size ? this : parts(there, size);
    }

    /** Each with a head of its own, as {@code multipart/byteranges}. */
    private FileAnswer parts(List<FileRange> ranges, long size) {
        String boundary = UUID.randomUUID().toString();
        var pieces = new ArrayList<FileBody.Piece>();
        for (FileRange range : ranges) {
            String head = "\r\n--" + boundary + "\r\nContent-Type: " + type + "\r\nContent-Range: " + range.said(size)
                    + "\r\n\r\n";
            pieces.add(new FileBody.Piece(head, range.first(), range.length()));
        }
        pieces.add(new FileBody.Piece("\r\n--" + boundary + "--\r\n", 0, 0));
        return new FileAnswer(
                206,
                new FileBody(body.path(), pieces),
                "multipart/byteranges; boundary=" + boundary,
                tag,
                modified,
                "");
    }

    /** What is said then is in its head. */
    boolean isWithoutBody() {
        return status != 200 && status != 206;
    }

    /** Whether it is what the client holds it for. */
    private static boolean isAsExpected(Request request, String tag, Instant modified) {
        var tags = request.header("if-match");
        if (tags.isPresent()) {
            return tags(tags.get()).anyMatch(one -> one.equals("*") || one.equals(tag));
        }
        return request.header("if-unmodified-since")
                .flatMap(FileAnswer::date)
                .map(since -> !modified.isAfter(since))
                .orElse(true);
    }

    private static boolean isUnchanged(Request request, String tag, Instant modified) {
        var tags = request.header("if-none-match");
        if (tags.isPresent()) {
            return tags(tags.get())
                    .map(one -> one.startsWith("W/") ? one.substring(2) : one)
                    .anyMatch(one -> one.equals("*") || one.equals(tag));
        }
        return request.header("if-modified-since")
                .flatMap(FileAnswer::date)
                .map(since -> !modified.isAfter(since))
                .orElse(false);
    }

    private static Stream<String> tags(String list) {
        return Arrays.stream(list.split(",", -1)).map(String::strip);
    }

    /** Whether what the client has of it belongs to it as it is now. */
    private static boolean stillHolds(Request request, String tag, Instant modified) {
        var condition = request.header("if-range");
        return condition.isEmpty()
                || condition.get().equals(tag)
                || date(condition.get()).map(modified::equals).orElse(false);
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(Instant.from(DATE.parse(text)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
