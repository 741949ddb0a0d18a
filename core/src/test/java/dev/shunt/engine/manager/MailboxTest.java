package dev.shunt.engine.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Data;
import dev.shunt.engine.manager.Mailbox.Message;
import dev.shunt.plan.Slot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private static final long CHILD = 1;
    private static final long SUCCESSOR = 2;

    private final Mailbox mailbox = new Mailbox(new Slot("task", 5, 0));
    private final List<String> given = new ArrayList<>();
    private final List<String> over = new ArrayList<>();

    @Test
    void aChild_isGivenAFewAtATime_inTheirOrder() {
        for (int i = 0; i < 300; i++) {
            add("message " + i);
        }
        empty(CHILD);
        assertThat(given).hasSize(Mailbox.MAX_GIVEN).startsWith("message 0", "message 1");

        mailbox.read(CHILD);
        empty(CHILD);
        assertThat(over).containsExactly("message 0");
        assertThat(given).hasSize(Mailbox.MAX_GIVEN + 1).endsWith("message 256");
    }

    @Test
    void largeOnes_areGivenOneByOne() {
        add("large", Mailbox.MAX_GIVEN_BYTES);
        add("larger", Mailbox.MAX_GIVEN_BYTES + 1);
        empty(CHILD);
        assertThat(given).containsExactly("large");

        mailbox.read(CHILD);
        empty(CHILD);
        assertThat(given).containsExactly("large", "larger");
    }

    @Test
    void givenToAChildThatIsGone_areOver_theRestIsItsSuccessors() {
        for (int i = 0; i < 300; i++) {
            add("message " + i);
        }
        empty(CHILD);
        mailbox.down(CHILD);
        assertThat(over).hasSize(Mailbox.MAX_GIVEN);

        empty(SUCCESSOR);
        mailbox.read(CHILD);
        assertThat(given).hasSize(300).endsWith("message 299");
        mailbox.read(SUCCESSOR);
        assertThat(over).hasSize(Mailbox.MAX_GIVEN + 1).endsWith("message 256");
    }

    private void empty(long child) {
        mailbox.empty(child, message -> given.add(message.data().text().strip()));
    }

    private void add(String text) {
        add(text, 0);
    }

    private void add(String text, long bytes) {
        var data = Data.of(text + " ".repeat((int) bytes)).encoded();
        mailbox.add(new Message(0, data, () -> over.add(text)));
    }
}
