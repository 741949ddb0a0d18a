package dev.shunt.http;

import dev.shunt.check.Check;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A cookie that a response sets. As made with two values no script sees it, and no other site's request carries it but one
 * that leads here; {@link #secure} is to be added where only https is spoken.
 *
 * @param maxAge how long it is kept; empty for as long as the browser runs, zero to take it away
 * @param path under which it is sent back
 */
public record Cookie(
        String name,
        String value,
        Optional<Duration> maxAge,
        String path,
        Optional<String> domain,
        boolean secure,
        boolean httpOnly,
        SameSite sameSite) {

    /** Which requests that another site begins carry it. */
    public enum SameSite {
        STRICT,
        LAX,
        NONE
    }

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]*");
    private static final Pattern ATTRIBUTE = Pattern.compile("[\\x20-\\x3a\\x3c-\\x7e]*");

    public Cookie {
        if (!TOKEN.matcher(Check.given("cookie", name)).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name for a cookie; write letters and digits");
        }
        if (!VALUE.matcher(Check.given("cookie " + name, value)).matches()) {
            throw new IllegalArgumentException("cookie " + name
                    + " has a value with a character that no cookie has; percent-encode it, or take Base64");
        }
        if (!ATTRIBUTE
                .matcher(Check.given("path", path)
                        + Check.given("domain", domain).orElse(""))
                .matches()) {
            throw new IllegalArgumentException("cookie " + name + " has a path or a domain with a ';' or a line break");
        }
        Check.given("sameSite", sameSite);
        maxAge = Check.given("maxAge", maxAge).map(age -> Check.notNegative("maxAge", age));
    }

    public Cookie(String name, String value) {
        this(name, value, Optional.empty(), "/", Optional.empty(), false, true, SameSite.LAX);
    }

    public Cookie withMaxAge(Duration age) {
        return new Cookie(
                name, value, Optional.of(Check.notNegative("maxAge", age)), path, domain, secure, httpOnly, sameSite);
    }

    public Cookie withPath(String under) {
        return new Cookie(name, value, maxAge, under, domain, secure, httpOnly, sameSite);
    }

    public Cookie withDomain(String ofAll) {
        return new Cookie(
                name, value, maxAge, path, Optional.of(Check.name("domain", ofAll)), secure, httpOnly, sameSite);
    }

    public Cookie withSecure(boolean on) {
        return new Cookie(name, value, maxAge, path, domain, on, httpOnly, sameSite);
    }

    public Cookie withHttpOnly(boolean on) {
        return new Cookie(name, value, maxAge, path, domain, secure, on, sameSite);
    }

    public Cookie withSameSite(SameSite which) {
        return new Cookie(name, value, maxAge, path, domain, secure, httpOnly, which);
    }

    /** As in {@code Set-Cookie}. */
    String line() {
        String site = sameSite.name().charAt(0) + sameSite.name().substring(1).toLowerCase(Locale.ROOT);
        return name + "=" + value
                + maxAge.map(age -> "; Max-Age=" + age.toSeconds()).orElse("")
                + (path.isEmpty() ? "" : "; Path=" + path)
                + domain.map(of -> "; Domain=" + of).orElse("")
                + (secure ? "; Secure" : "")
                + (httpOnly ? "; HttpOnly" : "")
                + "; SameSite=" + site;
    }
}
