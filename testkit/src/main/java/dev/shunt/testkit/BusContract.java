package dev.shunt.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.bus.Bus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every bus keeps, seen by three nodes that have it open. Extend it with how a node opens yours. */
public abstract class BusContract {

    private static final int PATIENCE_SECONDS = 30;
    private static final byte[] END = bytes("end");

    private Ear one;
    private Ear two;
    private Ear three;

    /** Opens the bus as a node of that name, as often as it is asked. */
    protected abstract Bus.Opener opener(String name);

    private record Heard(int from, byte[] message) {}

    /** A node, and what it hears. */
    private static final class Ear {

        private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
        private final Bus bus;

        Ear(Bus.Opener opener) throws IOException {
            bus = opener.open((from, message) -> heard.add(new Heard(from, message)));
        }

        /** Up to what the two others have sent last. */
        List<Heard> all() {
            var all = new ArrayList<Heard>();
            for (int ends = 0; ends < 2; ) {
                var next = next();
                if (Arrays.equals(next.message(), END)) {
                    ends++;
                } else {
                    all.add(next);
                }
            }
            return all;
        }

        private Heard next() {
            try {
                return Objects.requireNonNull(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "nothing came");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        List<String> texts() {
            return all().stream().map(one -> new String(one.message(), UTF_8)).toList();
        }
    }

    @BeforeEach
    final void open() throws IOException {
        one = new Ear(opener("one"));
        two = new Ear(opener("two"));
        three = new Ear(opener("three"));
    }

    @AfterEach
    final void close() throws IOException {
        one.bus.close();
        two.bus.close();
        three.bus.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private void end() {
        for (var node : List.of(one, two, three)) {
            assertThat(node.bus.all(END)).isTrue();
        }
    }

    @Test
    final void numbers_areThoseOfOneNodeEach() {
        assertThat(List.of(one.bus.node(), two.bus.node(), three.bus.node()))
                .doesNotHaveDuplicates()
                .allMatch(number -> number > 0 && number < 1 << Bus.NODE_BITS);
    }

    @Test
    final void forAll_comesToAllOthers_once() {
        assertThat(one.bus.all(bytes("all"))).isTrue();
        end();
        assertThat(one.texts()).isEmpty();
        assertThat(three.texts()).containsExactly("all");
        var heard = two.all();
        assertThat(heard).hasSize(1);
        assertThat(heard.getFirst().from()).isEqualTo(one.bus.node());
    }

    @Test
    final void forOne_comesToItAlone() {
        assertThat(one.bus.send(two.bus.node(), bytes("two"))).isTrue();
        end();
        assertThat(one.texts()).isEmpty();
        assertThat(two.texts()).containsExactly("two");
        assertThat(three.texts()).isEmpty();
    }

    @Test
    final void forNobody_isLost() {
        assertThat(one.bus.send((1 << Bus.NODE_BITS) - 1, bytes("nobody"))).isTrue();
        end();
        assertThat(two.texts()).isEmpty();
        assertThat(three.texts()).isEmpty();
        assertThat(two.bus.counts().gaps()).isZero();
    }

    @Test
    final void messagesOfANode_comeInTheirOrder_whomeverTheyAreFor() {
        var sent = new ArrayList<String>();
        for (int i = 0; i < 500; i++) {
            var text = i + " ".repeat(i % 50 == 0 ? 9_000 : 10);
            assertThat(i % 3 == 0 ? one.bus.send(two.bus.node(), bytes(text)) : one.bus.all(bytes(text)))
                    .isTrue();
            sent.add(text);
        }
        end();
        assertThat(two.texts()).isEqualTo(sent);
        assertThat(two.bus.counts().gaps()).isZero();
        assertThat(two.bus.counts().received()).isEqualTo(502);
        assertThat(one.bus.counts().sent()).isEqualTo(501);
        assertThat(one.bus.counts().dropped()).isZero();
    }

    @Test
    final void anyBytes_ofAnyLength() {
        var all = new byte[256];
        IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
        var long1 = ByteBuffer.allocate(1_000_000).putInt(0, 7).array();
        for (var message : List.of(new byte[0], all, new byte[5_000], new byte[5_001], long1)) {
            assertThat(one.bus.all(message)).isTrue();
        }
        end();
        assertThat(two.all().stream().map(Heard::message))
                .containsExactly(new byte[0], all, new byte[5_000], new byte[5_001], long1);
    }
}
