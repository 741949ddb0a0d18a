package dev.shunt.netty;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether permessage-deflate can be agreed on (RFC 7692, section 7.1), in the one form that is spoken here: without context
 * takeover, and with the full window for what this side sends, for the JDK's compressor knows no other.
 */
final class DeflateTerms {

    /** What a client offers. */
    static final String OFFER = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_FORGETS = "server_no_context_takeover";
    private static final String CLIENT_FORGETS = "client_no_context_takeover";
    private static final String SERVER_WINDOW = "server_max_window_bits";
    private static final String CLIENT_WINDOW = "client_max_window_bits";
    private static final String FULL_WINDOW = "15";

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern EXTENSION = Pattern.compile(TOKEN);
    private static final Pattern PARAMETER =
            Pattern.compile("(" + TOKEN + ")(?:[ \t]*=[ \t]*(?:(" + TOKEN + ")|\"(" + TOKEN + ")\"))?");
    private static final Pattern WINDOW_BITS = Pattern.compile("[89]|1[0-5]");
    private static final String NO_VALUE = "";

    private DeflateTerms() {}

    /** An extension as a header names it. A parameter without a value has an empty one. */
    private record Extension(String name, Map<String, String> parameters) {

        boolean isDeflate() {
            return name.equalsIgnoreCase(NAME);
        }

        boolean hasOnly(Set<String> known) {
            return known.containsAll(parameters.keySet());
        }

        boolean isFlagIfPresent(String parameter) {
            return parameters.getOrDefault(parameter, NO_VALUE).equals(NO_VALUE);
        }
    }

    /** The answer to the first offer that can be taken; empty if there is none. */
    static Optional<String> answerTo(HttpHeaders request) {
        return extensions(request).stream()
                .flatMap(Optional::stream)
                .filter(DeflateTerms::isAcceptable)
                .findFirst()
                .map(offer -> OFFER
                        + (offer.parameters().containsKey(SERVER_WINDOW)
                                ? "; " + SERVER_WINDOW + "=" + FULL_WINDOW
                                : ""));
    }

    /** Whether the server took the offer; empty if it answers what was not offered, or what makes no sense. */
    static Optional<Boolean> taken(HttpHeaders response, boolean offered) {
        var answers = extensions(response);
        if (answers.isEmpty() && !response.contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
            return Optional.of(false);
        }
        boolean asOffered = offered
                && answers.size() == 1
                && answers.getFirst().filter(DeflateTerms::isAnswer).isPresent();
        return asOffered ? Optional.of(true) : Optional.empty();
    }

    private static boolean isAcceptable(Extension offer) {
        var parameters = offer.parameters();
        String clientWindow = parameters.getOrDefault(CLIENT_WINDOW, NO_VALUE);
        return offer.isDeflate()
                && offer.hasOnly(Set.of(SERVER_FORGETS, CLIENT_FORGETS, SERVER_WINDOW, CLIENT_WINDOW))
                && offer.isFlagIfPresent(SERVER_FORGETS)
                && offer.isFlagIfPresent(CLIENT_FORGETS)
                && parameters.getOrDefault(SERVER_WINDOW, FULL_WINDOW).equals(FULL_WINDOW)
                && (clientWindow.equals(NO_VALUE)
                        || WINDOW_BITS.matcher(clientWindow).matches());
    }

    private static boolean isAnswer(Extension answer) {
        var parameters = answer.parameters();
        return answer.isDeflate()
                && answer.hasOnly(Set.of(SERVER_FORGETS, CLIENT_FORGETS, SERVER_WINDOW))
                && parameters.containsKey(SERVER_FORGETS)
                && answer.isFlagIfPresent(SERVER_FORGETS)
                && answer.isFlagIfPresent(CLIENT_FORGETS)
                && WINDOW_BITS
                        .matcher(parameters.getOrDefault(SERVER_WINDOW, FULL_WINDOW))
                        .matches();
    }

    /** In their order; empty for one that cannot be read, or names a parameter twice. */
    private static List<Optional<Extension>> extensions(HttpHeaders headers) {
        var all = new ArrayList<Optional<Extension>>();
        for (String line : headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
            for (String extension : line.split(",", -1)) {
                if (!extension.isBlank()) {
                    all.add(extension(extension));
                }
            }
        }
        return all;
    }

    private static Optional<Extension> extension(String text) {
        String[] words = text.split(";", -1);
        String name = words[0].strip();
        if (!EXTENSION.matcher(name).matches()) {
            return Optional.empty();
        }
        var parameters = new HashMap<String, String>();
        for (int i = 1; i < words.length; i++) {
            var parameter = PARAMETER.matcher(words[i].strip());
            if (!parameter.matches()) {
                return Optional.empty();
            }
            String value = parameter.group(2) != null ? parameter.group(2) : parameter.group(3);
            if (parameters.put(parameter.group(1), value == null ? NO_VALUE : value) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(new Extension(name, parameters));
    }
}
