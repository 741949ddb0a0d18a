package dev.shunt.netty;

import dev.shunt.protocol.TextProtocol;

/** A line echo for {@link DescriptorsTest}: says its port, ends when its input does. */
final class FewDescriptors {

    private FewDescriptors() {}

    public static void main(String[] args) throws Exception {
        try (var fixture = new NetworkFixture()) {
            var listening = fixture.listen(new TextProtocol(), RecordedEvents.echoing());
            System.out.println("port " + listening.port());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }
}
