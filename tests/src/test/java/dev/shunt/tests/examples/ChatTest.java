package dev.shunt.tests.examples;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.shunt.data.Data;
import dev.shunt.testing.Launch;
import dev.shunt.testing.Program;
import dev.shunt.testing.Programs;
import dev.shunt.testing.WebSocketClient;
import dev.shunt.tests.Browser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./shunt example chat}, asked by clients that speak its texts, and by a browser. */
@Tag("processes")
@ParameterizedClass
@ValueSource(strings = {"event-loop", "slots", "children"})
class ChatTest {

    @RegisterExtension
    static final Programs programs = new Programs();

    @RegisterExtension
    static final Browser browser = new Browser();

    @TempDir
    static Path data;

    @SuppressWarnings("NullAway.Init") // before each run of the suite
    private static Program program;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String placement;

    ChatTest(String placement) {
        this.placement = placement;
    }

    @BeforeParameterizedClassInvocation
    static void start(String placement) {
        program = programs.start(
                Launch.of("Chat", "--port", 0, "--placement", placement, "--data", data.resolve(placement)));
        program.port();
    }

    private static WebSocketClient enter(String name, String room, int members) {
        var client = new WebSocketClient(program.port(), "/ws?name=" + name + "&room=" + room);
        assertThat(client.read()).isEqualTo("{\"joined\":\"" + room + "\",\"members\":" + members + "}");
        return client;
    }

    private String get(String target) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(target)).build(), BodyHandlers.ofString())
                .body();
    }

    private String post(String target, String body) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(uri(target))
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static URI uri(String target) {
        return URI.create("http://127.0.0.1:" + program.port() + target);
    }

    @Test
    void room_hearsWhatIsSaid_others_doNot() {
        try (var ann = enter("ann", "r1", 1);
                var bob = enter("bob", "r1", 2);
                var eve = enter("eve", "r2", 1)) {
            ann.send("{\"say\":\"grüße\"}");
            String said = "{\"room\":\"r1\",\"from\":\"ann\",\"say\":\"grüße\"}";
            assertThat(ann.read()).isEqualTo(said);
            assertThat(bob.read()).isEqualTo(said);

            assertThat(eve.ask("{\"join\":\"r1\"}")).isEqualTo("{\"joined\":\"r1\",\"members\":3}");
            assertThat(eve.ask("{\"who\":true}")).isEqualTo("{\"who\":[\"ann\",\"bob\",\"eve\"]}");
            assertThat(eve.ask("{\"say\":\"hi\"}")).isEqualTo("{\"room\":\"r1\",\"from\":\"eve\",\"say\":\"hi\"}");
            assertThat(ann.read()).contains("hi");
            assertThat(bob.ask("{\"leave\":\"r1\"}")).contains("hi"); // which came before
            assertThat(bob.read()).isEqualTo("{\"left\":\"r1\",\"members\":2}");
            assertThat(eve.ask("{\"leave\":\"r1\"}")).isEqualTo("{\"left\":\"r1\",\"members\":1}");
            assertThat(eve.ask("{\"say\":\"back\"}")).contains("\"room\":\"r2\"", "back");
            assertThat(bob.ask("{\"say\":\"?\"}")).contains("error");
            assertThat(bob.ask("no JSON")).contains("error");
            assertThat(bob.ask("{}")).contains("error");
        }
    }

    @Test
    void user_isTold_onAllDevices() {
        try (var phone = enter("cat", "r3", 1);
                var desk = enter("cat", "r4", 1);
                var dan = enter("dan", "r3", 2)) {
            dan.send("{\"to\":\"cat\",\"say\":\"psst\"}");
            assertThat(phone.read()).isEqualTo("{\"room\":null,\"from\":\"dan\",\"say\":\"psst\"}");
            assertThat(desk.read()).contains("psst");
            assertThat(dan.ask("{\"to\":\"nobody\",\"say\":\"psst\"}")).contains("error", "nobody is not here");
        }
    }

    @Test
    void push_fromHttp_andStats() throws IOException, InterruptedException {
        await().untilAsserted(
                        () -> assertThat(get("/stats")).contains("\"connections\":0", "\"rooms\":{}", "\"users\":0"));
        try (var one = enter("fay", "r5", 1);
                var two = enter("fay", "r6", 1);
                var gus = enter("gus", "r5", 2)) {
            assertThat(get("/stats")).contains("\"connections\":3", "\"rooms\":{\"r5\":2,\"r6\":1}", "\"users\":2");
            assertThat(post("/rooms/r5", "news")).isEqualTo("{\"sent\":2}");
            assertThat(one.read()).isEqualTo("news");
            assertThat(gus.read()).isEqualTo("news");
            assertThat(post("/users/fay", "you")).isEqualTo("{\"sent\":2}");
            assertThat(one.read()).isEqualTo("you");
            assertThat(two.read()).isEqualTo("you");
            assertThat(post("/all?except=fay", "others")).isEqualTo("{\"sent\":1}");
            assertThat(gus.read()).isEqualTo("others");
            assertThat(post("/all", "all")).isEqualTo("{\"sent\":3}");
            assertThat(post("/rooms/empty", "x")).isEqualTo("{\"sent\":0}");
        }
    }

    @Test
    void whoHasNoName_isRefused() {
        assertThatThrownBy(() -> new WebSocketClient(program.port(), "/ws?room=r").close())
                .hasRootCauseMessage("Unexpected HTTP response status code 400");
    }

    @Test
    void names_mayBeAnything() throws IOException, InterruptedException {
        for (String name :
                List.of("<script>", "say \"no\"", "a/b?c&d=e", "\uD83D\uDE00".repeat(32), "\u65E5".repeat(64))) {
            String encoded = URLEncoder.encode(name, UTF_8).replace("+", "%20");
            var json = quoted(name);
            try (var client = new WebSocketClient(program.port(), "/ws?name=" + encoded + "&room=" + encoded)) {
                assertThat(client.read()).isEqualTo("{\"joined\":" + json + ",\"members\":1}");
                assertThat(client.ask("{\"say\":" + json + "}"))
                        .isEqualTo("{\"room\":" + json + ",\"from\":" + json + ",\"say\":" + json + "}");
                assertThat(client.ask("{\"who\":true}")).isEqualTo("{\"who\":[" + json + "]}");
                assertThat(post("/users/" + encoded, "u")).isEqualTo("{\"sent\":1}");
                assertThat(client.read()).isEqualTo("u");
                assertThat(post("/rooms/" + encoded, "r")).isEqualTo("{\"sent\":1}");
                assertThat(client.read()).isEqualTo("r");
                assertThat(post("/all?except=" + encoded, "e")).isEqualTo("{\"sent\":0}");
            }
            await().untilAsserted(
                            () -> assertThat(get("/history?room=" + encoded)).contains("\"say\":" + json));
        }
    }

    private static String quoted(String text) {
        String array = Data.of(List.of(text)).text();
        return array.substring(1, array.length() - 1);
    }

    @Test
    void whatIsNoMessage_isAnsweredWithAnError_andSaidToNobody() throws IOException, InterruptedException {
        try (var client = enter("odd", "r8", 1)) {
            for (String text : List.of(
                    "",
                    "null",
                    "5",
                    "[]",
                    "{\"say\":5}",
                    "{\"to\":5,\"say\":\"for one\"}",
                    "{\"room\":5,\"say\":\"for one\"}",
                    "{\"dance\":\"" + "x".repeat(1_000_000) + "\"}",
                    "{\"join\":\"\"}")) {
                assertThat(client.ask(text))
                        .startsWith("{\"error\":\"a message is an object of JSON")
                        .hasSizeLessThan(300);
            }
            assertThat(client.ask("{\"say\":\"" + "x".repeat(1_000_000) + "\"}"))
                    .hasSizeGreaterThan(1_000_000);
        }
        await().untilAsserted(() -> assertThat(get("/stats")).contains("\"connections\":0"));
        assertThat(post("/all?except=", "nobody is called that")).isEqualTo("{\"sent\":0}");
        assertThat(post("/all?except=" + "x".repeat(300), "nor that")).isEqualTo("{\"sent\":0}");
        assertThat(post("/rooms/", "?")).startsWith("a name is needed behind /rooms/");
    }

    @Test
    void killedChildren_membershipStays() throws IOException, InterruptedException {
        try (var hal = enter("hal", "r7", 1);
                var ida = enter("ida", "r7", 2)) {
            if (placement.equals("children")) {
                program.children().forEach(ProcessHandle::destroyForcibly);
            }
            assertThat(post("/rooms/r7", "still here")).isIn("{\"sent\":2}", "");
            assertThat(hal.read()).isEqualTo("still here");
            assertThat(ida.read()).isEqualTo("still here");
            hal.send("{\"say\":\"me too\"}");
            assertThat(ida.read()).isEqualTo("{\"room\":\"r7\",\"from\":\"hal\",\"say\":\"me too\"}");
        }
    }

    @Test
    void picture_outlivesItsChildren_andIsCancelledByWhoAsked() {
        try (var jim = enter("jim", "r9", 1);
                var lea = enter("lea", "r9", 2);
                var mia = enter("mia", "r10", 1)) {
            String cancel = begin(jim, "a cat");
            jim.send(cancel);
            assertThat(await().until(jim::read, said -> !said.contains("percent")))
                    .matches("\\{\"error\":\"picture \\d+ is cancelled\"}");
            assertThat(jim.ask(cancel)).contains("error", "of yours in the making");

            assertThat(mia.ask(begin(jim, "a dog"))).contains("error", "of yours in the making");
            program.children().forEach(ProcessHandle::destroyForcibly);
            assertThat(lea.read()).startsWith("{\"room\":\"r9\",\"from\":\"jim\",\"picture\":\"/pictures/");
        }
    }

    /** Returns what cancels it. */
    private static String begin(WebSocketClient client, String picture) {
        String begun = client.ask("{\"picture\":\"" + picture + "\"}");
        assertThat(begun).startsWith("{\"picture\":").endsWith(",\"percent\":0}");
        return begun.replace("picture", "cancel").replace(",\"percent\":0", "");
    }

    @Test
    void twoUsers_inTheirBrowsers() {
        var jo = enterByPage("jo");
        var kim = enterByPage("kim");
        assertThat(jo.locator("#who li")).hasText(new String[] {"jo", "kim"});

        say(jo, "<b>hello</b>");
        assertThat(kim.locator("#messages li")).hasText("jo: <b>hello</b>");
        kim.getByLabel("To", new Page.GetByLabelOptions().setExact(true)).fill("jo");
        say(kim, "just you");
        assertThat(jo.locator("#messages li").last()).hasText("kim (to you): just you");

        jo.getByRole(AriaRole.BUTTON, named("Draw a picture")).click();
        assertThat(jo.locator("#percent")).not().hasAttribute("value", "0");
        jo.getByRole(AriaRole.BUTTON, named("Cancel")).click();
        assertThat(jo.locator("#problem")).containsText("is cancelled");
        kim.getByRole(AriaRole.BUTTON, named("Draw a picture")).click();
        assertThat(jo.locator("#messages img")).hasCount(1);
        jo.waitForFunction("document.querySelector('#messages img').naturalWidth == 320");

        var late = enterByPage("late");
        assertThat(late.locator("#messages li.old")).hasText("jo: <b>hello</b>");
        kim.close();
        assertThat(jo.locator("#who li")).hasText(new String[] {"jo", "late"});
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    private static Page enterByPage(String name) {
        var page = browser.open(uri("/").toString());
        page.getByLabel("Nickname").fill(name);
        page.getByLabel("Room", new Page.GetByLabelOptions().setExact(true)).fill("page room");
        page.getByRole(AriaRole.BUTTON, named("Join")).click();
        assertThat(page.locator("#state")).hasText("connected as " + name);
        return page;
    }

    private static void say(Page page, String text) {
        page.getByLabel("Say").fill(text);
        page.getByRole(AriaRole.BUTTON, named("Send")).click();
    }
}
