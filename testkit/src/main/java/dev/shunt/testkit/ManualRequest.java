package dev.shunt.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.data.Data;
import dev.shunt.http.HttpField;
import dev.shunt.http.RequestBytes;
import dev.shunt.http.TrustedProxies;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A request of HTTP, for {@link ManualClient#request}: {@code ManualRequest.of("POST", "/mail").json(mail)}. Each method
 * returns another one. What a program's server would refuse before its handlers is not refused here.
 *
 * @param target as it stands in the first line: path and query, encoded
 */
public record ManualRequest(String method, String target, List<HttpField> fields, Data body) {

    public ManualRequest {
        fields = List.copyOf(fields);
        if (!target.startsWith("/")) {
            throw new IllegalArgumentException("the target of a request begins with '/', not '" + target + "'");
        }
    }

    /** Without a body, and from no other page than the program's own. */
    public static ManualRequest of(String method, String target) {
        return new ManualRequest(method, target, List.of(new HttpField("host", "localhost")), Data.empty());
    }

    public static ManualRequest get(String target) {
        return of("GET", target);
    }

    /** One more line of the head. */
    public ManualRequest header(String name, String value) {
        var more = new ArrayList<>(fields);
        more.add(new HttpField(name.toLowerCase(Locale.ROOT), value));
        return new ManualRequest(method, target, more, body);
    }

    /** Text, bytes, or an object, which is JSON then. */
    public ManualRequest body(Object content) {
        return new ManualRequest(method, target, fields, Data.of(content).encoded());
    }

    /** As {@link #body}, with the type of JSON. */
    public ManualRequest json(Object content) {
        return header("content-type", "application/json").body(content);
    }

    /** Fields of a form, {@code name=value&name=value}, with its type. */
    public ManualRequest form(String encoded) {
        return header("content-type", "application/x-www-form-urlencoded").body(encoded.getBytes(UTF_8));
    }

    /** As it travels in a program, but for its id. */
    byte[] encoded(boolean upgrade, String peer, TrustedProxies proxies) {
        byte[] bytes = body.bytes();
        var sent = bytes.length == 0
                ? fields
                : header("content-length", Integer.toString(bytes.length)).fields;
        var head = new RequestBytes.Head(method, target, true, upgrade, proxies.client(peer, sent), sent);
        return RequestBytes.encode(head, bytes, false);
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    @Override
    public String toString() {
        return method + " " + target;
    }
}
