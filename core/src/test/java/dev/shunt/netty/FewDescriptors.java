package dev.shunt.netty;

import dev.shunt.protocol.TextProtocol;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A line echo for {@link DescriptorsTest}: says its port, and ends when its input does. At an {@code x} it takes all file
 * descriptors that are left but one, with files of its own, and at a {@code y} it gives them back.
 */
final class FewDescriptors {

    private FewDescriptors() {}

    public static void main(String[] args) throws Exception {
        try (var fixture = new NetworkFixture()) {
            var listening = fixture.listen(new TextProtocol(), RecordedEvents.echoing());
            System.out.println("port " + listening.port());
            var files = new ArrayDeque<FileInputStream>();
            for (int order = System.in.read(); order >= 0; order = System.in.read()) {
                if (order == 'x') {
                    takeAll(files);
                } else if (order == 'y') {
                    while (!files.isEmpty()) {
                        files.pop().close();
                    }
                }
            }
        }
    }

    private static void takeAll(Deque<FileInputStream> files) throws IOException {
        try {
            while (true) {
                files.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException e) {
            System.out.println("none left");
        }
    }
}
