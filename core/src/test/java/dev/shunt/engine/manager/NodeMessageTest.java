package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.data.Data;
import dev.shunt.net.CloseStatus;
import dev.shunt.question.Audience;
import dev.shunt.question.OfMembers;
import dev.shunt.question.OfTopics;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeMessageTest {

    /** What each looks like, for ever. */
    private static final Map<NodeMessage, String> WRITTEN = Map.of(
            new NodeMessage.Send(0x7_0000_0001L, Data.of("hi")),
            "01 0000000700000001 01 6869",
            new NodeMessage.Close(5, new CloseStatus(1000, "bye")),
            "02 0000000000000005 000003e8 00000003 627965",
            new NodeMessage.Abort(5),
            "03 0000000000000005",
            new NodeMessage.ToMany(new OfMembers.Send(new Audience.All(), Data.of(new byte[] {9}), List.of(3L))),
            "04 00 00000001 0000000000000003 00 09",
            new NodeMessage.ToMany(new OfMembers.Send(new Audience.Group("é"), Data.empty(), List.of())),
            "04 01 00000002 c3a9 00000000 00",
            new NodeMessage.ToMany(new OfMembers.Send(new Audience.User("u"), Data.of("t"), List.of())),
            "04 02 00000001 75 00000000 01 74",
            new NodeMessage.Published(
                    new OfTopics.Publish("news", Data.of(List.of(1)).encoded())),
            "05 00000004 6e657773 02 5b315d");

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void written_keepsItsForm_andIsReadAsItWas() throws IOException {
        for (var example : WRITTEN.entrySet()) {
            assertThat(example.getKey().encoded()).as("%s", example.getKey()).isEqualTo(bytes(example.getValue()));
            assertThat(NodeMessage.decoded(bytes(example.getValue()))).contains(example.getKey());
        }
    }

    @Test
    void ofANewerProgram_isNothing() throws IOException {
        assertThat(NodeMessage.decoded(bytes("7f 00"))).isEmpty();
    }

    @Test
    void brokenOrCutShort_isRefused() {
        for (var broken : List.of(
                "", "01 00", "02 0000000000000005 000003e8 7fffffff 62", "04 03", "04 00 7fffffff", "05 ffffffff")) {
            assertThatThrownBy(() -> NodeMessage.decoded(bytes(broken)))
                    .as(broken)
                    .isInstanceOf(IOException.class);
        }
    }
}
