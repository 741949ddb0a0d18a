package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.tests.OddRequests.Odd;
import dev.shunt.tests.programs.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is malformed or ambiguous is answered as nginx does, which often stands in front; or refused. */
@Tag("processes")
class OddRequestsTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @Test
    void each_isAnsweredAsTheTableSays() {
        Program program = programs.start(Wire.class);
        assertThat(others(program.port(), Odd::ours)).isEmpty();
        assertThat(OddRequests.answered(program.port(), "")).isEqualTo("200 GET /next");
    }

    @Test
    void nginx_answersAsTheTableSays(@TempDir Path directory) throws IOException {
        int port = Ports.free();
        try (var nginx = Installed.nginx(directory, """
                merge_slashes off;
                server {
                    listen unix:%1$s/behind.sock;
                    large_client_header_buffers 4 64k;
                    location / { return 200 "$request_method $request_uri $content_length"; }
                }
                server {
                    listen 127.0.0.1:%2$d;
                    location / { proxy_pass http://unix:%1$s/behind.sock; }
                }
                """.formatted(directory, port), port)) {
            assertThat(nginx.output()).doesNotContain("[emerg]");
            assertThat(others(port, Odd::nginx)).isEmpty();
        }
    }

    @Test
    void whatNginxRefuses_isRefused() {
        var known = List.of("target-star-options", "header-long", "header-long-name");
        assertThat(OddRequests.all())
                .filteredOn(odd -> !odd.nginx().startsWith("200") && odd.ours().startsWith("200"))
                .extracting(Odd::name)
                .isEqualTo(known);
        assertThat(OddRequests.all()).hasSizeGreaterThan(200);
    }

    /** Those that are answered in another way, and how. */
    private static List<String> others(int port, Function<Odd, String> expected) {
        return OddRequests.all().stream()
                .map(odd -> {
                    String answered = OddRequests.answered(port, odd.request());
                    return answered.equals(expected.apply(odd)) ? "" : odd.name() + ": " + answered;
                })
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
