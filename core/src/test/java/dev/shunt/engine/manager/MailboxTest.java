package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.engine.manager.Mailbox.Message;
import dev.shunt.ipc.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private final Mailbox mailbox = new Mailbox("task 0");
    private final List<Data> emptied = new ArrayList<>();

    @Test
    void asManyAsMay_areKeptInOrder_moreAreDropped() {
        for (int i = 0; i <= Mailbox.MAX_MESSAGES; i++) {
            add(Data.of("message " + i));
        }
        mailbox.empty(message -> emptied.add(message.data()));
        assertThat(emptied).hasSize(Mailbox.MAX_MESSAGES);
        assertThat(emptied.getFirst()).hasToString("message 0");
        assertThat(emptied.getLast()).hasToString("message " + (Mailbox.MAX_MESSAGES - 1));
    }

    @Test
    void largeOnes_areBoundedByTheirBytes() {
        var large = Data.of(new byte[(int) (Mailbox.MAX_BYTES / 4)]);
        for (int i = 0; i < 6; i++) {
            add(large);
        }
        mailbox.empty(message -> emptied.add(message.data()));
        assertThat(emptied).hasSize(4);
    }

    private void add(Data data) {
        mailbox.add(new Message(0, data, payload -> new Frame.Posted(0, 0, payload)));
    }
}
