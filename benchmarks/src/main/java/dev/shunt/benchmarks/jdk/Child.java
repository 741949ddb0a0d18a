package dev.shunt.benchmarks.jdk;

import dev.shunt.benchmarks.program.Job;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.function.UnaryOperator;

/** Runs what its parent writes, and ends with it. Arguments: {@code SOCKET answer|pid}. */
public final class Child {

    private Child() {}

    public static void main(String... args) throws IOException {
        UnaryOperator<byte[]> job = args[1].equals("pid") ? Job::pidBytes : Job::answerBytes;
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
            var messages = new Messages(channel);
            while (true) {
                messages.write(job.apply(messages.read()));
            }
        } catch (EOFException _) {
            // the parent has ended, and so does this
        }
    }
}
