package dev.shunt.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.bus.Bus;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryBusContractTest extends BusContract {

    private final MemoryBus bus = new MemoryBus();

    @Override
    protected Bus.Opener opener(String name) {
        return bus.as(name);
    }

    @AfterEach
    void end() {
        bus.close();
    }

    @Test
    void cutOff_missesAndIsMissed_andIsCounted() throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        var a = bus.as("a").open((_, _) -> {});
        var b = bus.as("b").open((_, message) -> heard.add(new String(message, UTF_8)));
        bus.cut("b");
        assertThat(a.all("lost".getBytes(UTF_8))).isTrue();
        assertThat(b.all("lost".getBytes(UTF_8))).isFalse();
        assertThat(b.counts().dropped()).isOne();
        assertThat(b.counts().gaps()).isOne();
        assertThat(b.counts().reachable()).isFalse();
        assertThat(a.counts().gaps()).isOne();
        bus.mend("b");
        assertThat(a.all("heard".getBytes(UTF_8))).isTrue();
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("heard");
        assertThat(b.counts().nodes()).isEqualTo(5); // with those of the contract
        b.close();
        assertThat(a.counts().nodes()).isEqualTo(4);
    }
}
