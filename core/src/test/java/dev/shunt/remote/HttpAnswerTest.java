package dev.shunt.remote;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerTest {

    private static HttpAnswer answer(String text) throws IOException {
        return HttpAnswer.read(new ByteArrayInputStream(text.getBytes(US_ASCII)));
    }

    @Test
    void bodyEnds_whereItsHeadSays() throws IOException {
        assertThat(answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef").body())
                .asString()
                .isEqualTo("abc");
        assertThat(answer(
                                "HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\n\r\n")
                        .body())
                .asString()
                .isEqualTo("abcd");
        assertThat(answer("HTTP/1.0 200 OK\r\n\r\nall").body()).asString().isEqualTo("all");
        assertThat(answer("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n").status())
                .isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab",
                "HTTP/1.1 200"
            })
    void whatIsNoAnswer_isAnError(String text) {
        assertThatThrownBy(() -> answer(text)).isInstanceOf(IOException.class);
    }
}
