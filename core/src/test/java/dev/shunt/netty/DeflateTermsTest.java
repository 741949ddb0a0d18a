package dev.shunt.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7692, section 7.1: what of an offer or an answer is right. */
class DeflateTermsTest {

    private static final String RIGHT = "permessage-deflate; server_no_context_takeover";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=8",
                "permessage-deflate;client_max_window_bits = \"15\"",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "x-other; a=b, permessage-deflate",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate"
            })
    void offer_isTaken(String offer) {
        assertThat(DeflateTerms.answerTo(with(offer))).contains(DeflateTerms.OFFER);
    }

    @Test
    void offer_ofTheFullWindow_isTakenWithIt() {
        assertThat(DeflateTerms.answerTo(with("permessage-deflate; server_max_window_bits=15")))
                .contains(DeflateTerms.OFFER + "; server_max_window_bits=15");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-other",
                "permessage-deflate; unknown",
                "permessage-deflate; unknown=1",
                "permessage-deflate; client_max_window_bits; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=10; client_max_window_bits=10",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover=yes",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=010",
                "permessage-deflate; client_max_window_bits=1 0",
                "permessage-deflate; client_max_window_bits=x",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits=15; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=10",
                "permessage-deflate;",
                "permessage-deflate; ; client_max_window_bits",
                "permessage-deflate client_max_window_bits",
                "permessage-deflate; =10",
                ";;,=,;"
            })
    void offer_isDeclined(String offer) {
        assertThat(DeflateTerms.answerTo(with(offer))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                RIGHT,
                RIGHT + "; client_no_context_takeover",
                RIGHT + "; server_max_window_bits=8",
                RIGHT + "; server_max_window_bits=15"
            })
    void answer_isRight(String answer) {
        assertThat(DeflateTerms.taken(with(answer), true)).contains(true);
        assertThat(DeflateTerms.taken(with(answer), false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "permessage-deflate",
                "x-other",
                RIGHT + ", " + RIGHT,
                RIGHT + "; server_no_context_takeover",
                RIGHT + "; client_max_window_bits",
                RIGHT + "; client_max_window_bits=10",
                RIGHT + "; server_max_window_bits",
                RIGHT + "; server_max_window_bits=7",
                RIGHT + "; server_max_window_bits=08",
                RIGHT + "; server_max_window_bits=15; server_max_window_bits=15",
                RIGHT + "; client_no_context_takeover=1",
                RIGHT + "=1",
                RIGHT + "; unknown"
            })
    void answer_isWrong(String answer) {
        assertThat(DeflateTerms.taken(with(answer), true)).isEmpty();
    }

    @Test
    void noAnswer_isARefusal() {
        assertThat(DeflateTerms.taken(new DefaultHttpHeaders(), true)).contains(false);
    }

    private static HttpHeaders with(String extensions) {
        return new DefaultHttpHeaders().add(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, extensions);
    }
}
