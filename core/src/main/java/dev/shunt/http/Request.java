package dev.shunt.http;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import dev.shunt.data.TypeRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request of a client, whole, with its body; one of a path that is streamed ({@link HttpProtocol#withStreaming}) as soon as
 * its head has come. Safe for use by any thread. It is answered by the {@link Response} that comes with it, or by whoever
 * knows its {@link #id}.
 */
public final class Request {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";
    private static final int SERIAL_BITS = 20;

    private final long id;
    private final RequestBytes.Head head;
    private final RequestBody body;
    private volatile @Nullable Map<String, List<String>> query;
    private @Nullable MultipartReader multipart;
    private MultipartReader.@Nullable Form form;
    private volatile @Nullable Map<String, String> cookies;

    Request(long id, RequestBytes.Head head, RequestBody body) {
        this.id = id;
        this.head = head;
        this.body = body;
    }

    /** What {@link RequestBytes} has encoded. */
    public static Request decoded(byte[] encoded) {
        return RequestBytes.decode(encoded);
    }

    /** Of the n-th request of a connection, from 1. */
    public static long idOf(long connectionId, long serial) {
        return (connectionId << SERIAL_BITS) | (serial & ((1 << SERIAL_BITS) - 1));
    }

    /** The connection that a request of this id came on. */
    public static long connectionOf(long id) {
        return id >> SERIAL_BITS;
    }

    /**
     * Names this request in all processes of the program, so that it can be answered elsewhere: below 2^53, so that it may
     * travel as a number of JSON.
     */
    public long id() {
        return id;
    }

    /** Of the connection on which it came; Swoole's {@code fd}. */
    public long connectionId() {
        return connectionOf(id);
    }

    /** In capitals, such as {@code GET}. */
    public String method() {
        return head.method();
    }

    /** As it came: path and query, percent-encoded. */
    public String uri() {
        return head.uri();
    }

    /** Decoded, without the query. */
    public String path() {
        return Parameters.decoded(rawPath(head.uri()), false);
    }

    /** The path of a target as it came. */
    public static String rawPath(String uri) {
        String path = pathOf(uri);
        int end = path.indexOf('?');
        return end < 0 ? path : path.substring(0, end);
    }

    /** What a proxy is sent has a scheme and a host in front. */
    private static String pathOf(String uri) {
        int host = uri.startsWith("/") ? -1 : uri.indexOf("://");
        if (host < 0) {
            return uri;
        }
        int slash = uri.indexOf('/', host + 3);
        int question = uri.indexOf('?', host + 3);
        if (slash >= 0 && (question < 0 || slash < question)) {
            return uri.substring(slash);
        }
        return question < 0 ? "/" : "/" + uri.substring(question);
    }

    /** What stands behind the question mark, as it came; empty if there is none. */
    public String queryString() {
        int question = head.uri().indexOf('?');
        return question < 0 ? "" : head.uri().substring(question + 1);
    }

    /** The parameters of the query, decoded, in their order. Throws {@link HttpException} 400 for more than 1,000. */
    public Map<String, List<String>> query() {
        var known = query;
        if (known == null) {
            known = Parameters.ofQuery(queryString());
            query = known;
        }
        return known;
    }

    /** The first of that name. */
    public Optional<String> query(String name) {
        return first(query(), name);
    }

    /** The lines of its head in their order, as they came. */
    public List<HttpField> fields() {
        return List.copyOf(head.fields());
    }

    /** By their names in lower case; what stands in several lines is joined with commas. */
    public Map<String, String> headers() {
        return head.fields().stream()
                .collect(Collectors.toMap(
                        field -> field.name().toLowerCase(Locale.ROOT),
                        HttpField::value,
                        (one, more) -> one + ", " + more,
                        LinkedHashMap::new));
    }

    /** The first of that name, whatever the case. */
    public Optional<String> header(String name) {
        for (var field : head.fields()) {
            if (field.is(name)) {
                return Optional.of(field.value());
            }
        }
        return Optional.empty();
    }

    /** All of that name. */
    public List<String> allOf(String name) {
        return head.fields().stream()
                .filter(field -> field.is(name))
                .map(HttpField::value)
                .toList();
    }

    public Map<String, String> cookies() {
        var known = cookies;
        if (known == null) {
            known = Parameters.ofCookies(allOf("cookie"));
            cookies = known;
        }
        return known;
    }

    public Optional<String> cookie(String name) {
        return Optional.ofNullable(cookies().get(name));
    }

    /**
     * The body, all of it in memory: bytes, text, or an object by {@code body().as(Type.class)}. Of a streamed one the rest
     * is waited for.
     *
     * @throws HttpException 413 if it is longer than a message may be: {@link #stream} and {@link #bodyFile} are for those
     */
    public Data body() {
        return Data.received(Data.Kind.BYTES, body.all(), Codec.json());
    }

    /**
     * The body as a stream, of which not more is in memory than is read at once. One that is still coming is read as it comes:
     * a read waits for the client, and the client for reads. It throws {@link ClientGoneException} when the rest will not come.
     */
    public InputStream stream() throws IOException {
        return body.stream();
    }

    /** How many bytes the body has; -1 if it is still coming, and its client has not said. */
    public long length() {
        return body.length();
    }

    /** Where the body is, if it is longer than a message may be; until the request is answered. */
    public Optional<Path> bodyFile() {
        return body.file();
    }

    /**
     * The body as JSON for that type, such as a record.
     *
     * @throws HttpException 400 if it is no such value; uncaught, that is the answer
     */
    public <T> T json(Class<T> type) {
        try {
            return Codec.json().decode(body.all(), type);
        } catch (IllegalArgumentException e) {
            throw noJson(type.getSimpleName());
        }
    }

    /** As {@link #json(Class)}, for a type with arguments. */
    public <T> T json(TypeRef<T> type) {
        try {
            return Codec.json().decode(body.all(), type);
        } catch (IllegalArgumentException e) {
            throw noJson(type.toString());
        }
    }

    private static HttpException noJson(String type) {
        return new HttpException(400, "the body is no JSON of a " + type);
    }

    /**
     * The fields of a form, sent as {@code application/x-www-form-urlencoded} or {@code multipart/form-data}; empty if it was
     * neither.
     *
     * @throws HttpException 400 if it makes no sense
     */
    public Map<String, List<String>> form() {
        return wholeForm().fields();
    }

    /** The files of a form that was sent as {@code multipart/form-data}, in its order; empty if it was not. */
    public List<Upload> files() {
        return wholeForm().uploads();
    }

    /** The first file of that field. */
    public Optional<Upload> file(String name) {
        return files().stream().filter(upload -> upload.name().equals(name)).findFirst();
    }

    private synchronized MultipartReader.Form wholeForm() {
        if (form == null) {
            form = readForm();
        }
        return form;
    }

    private MultipartReader.Form readForm() {
        if (isA(FORM)) {
            return new MultipartReader.Form(Parameters.ofQuery(body().text()), List.of());
        }
        if (!isA(MULTIPART) || multipart == null) {
            return MultipartReader.Form.EMPTY;
        }
        try (var stream = body.stream()) {
            return multipart.read(header("content-type").orElse(""), stream);
        } catch (IOException e) {
            throw new UncheckedIOException("a form or its files cannot be kept", e);
        }
    }

    /** Before its handler: who reads its form, if that has files. */
    public synchronized void readBy(MultipartReader reader) {
        multipart = reader;
    }

    /** Before its handler: who brings what of its body is still to come. */
    public void bodyFrom(Bodies bodies) {
        body.from(id, bodies);
    }

    /** After its handler: files that were not moved are taken away. */
    public synchronized void over() throws IOException {
        if (form != null) {
            for (var upload : form.uploads()) {
                upload.discard();
            }
        }
    }

    /** The first field of that name. */
    public Optional<String> form(String name) {
        return first(form(), name);
    }

    /** The address of the client: of the other end of the connection, or what a trusted proxy there says. */
    public String remoteIp() {
        return head.client();
    }

    /** {@code HTTP/1.1} or {@code HTTP/1.0}. */
    public String protocol() {
        return head.http11() ? "HTTP/1.1" : "HTTP/1.0";
    }

    /** Whether it asks for a WebSocket. */
    public boolean isUpgrade() {
        return head.upgrade();
    }

    boolean isA(String mediaType) {
        String type = header("content-type").orElse("");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase(mediaType);
    }

    private static Optional<String> first(Map<String, List<String>> values, String name) {
        return Optional.ofNullable(values.get(name)).map(List::getFirst);
    }

    /** Without its query, which may have secrets. */
    @Override
    public String toString() {
        return "request " + id + ", " + method() + " " + path();
    }
}
