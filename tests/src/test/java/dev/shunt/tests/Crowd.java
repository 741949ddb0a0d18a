package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Many clients of lines on one thread, which only count what they are sent. Some never read. */
final class Crowd implements AutoCloseable {

    private static final int FEW_BYTES = 4 << 10;
    private static final int CHUNK_BYTES = 64 << 10;

    private final List<Member> members = new ArrayList<>();
    private final Selector selector;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

    private static final class Member {
        final SocketChannel channel;
        long lines;

        Member(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /** @param sleepers of them never read */
    Crowd(int port, int size, int sleepers) {
        try {
            selector = Selector.open();
            for (int i = 0; i < size; i++) {
                var channel = SocketChannel.open();
                if (i < sleepers) {
                    channel.setOption(StandardSocketOptions.SO_RCVBUF, FEW_BYTES);
                }
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channel.configureBlocking(false);
                var member = new Member(channel);
                members.add(member);
                if (i >= sleepers) {
                    channel.register(selector, SelectionKey.OP_READ, member);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each says this. */
    void say(String line) {
        say(members, line);
    }

    /** Each says this of those that never read. */
    void saySleepers(String line) {
        say(members.stream().filter(member -> !member.channel.isRegistered()).toList(), line);
    }

    private static void say(List<Member> those, String line) {
        try {
            for (var member : those) {
                member.channel.write(ByteBuffer.wrap((line + "\n").getBytes(UTF_8)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until each that reads has got so many lines in all, or nothing comes for ten seconds; the fewest that one has. */
    long read(long lines) {
        try {
            while (fewest() < lines && selector.select(10_000) > 0) {
                for (var key : selector.selectedKeys()) {
                    read((Member) key.attachment());
                }
                selector.selectedKeys().clear();
            }
            return fewest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long fewest() {
        return selector.keys().stream()
                .mapToLong(key -> ((Member) key.attachment()).lines)
                .min()
                .orElse(0);
    }

    /** The most that one has got. */
    long most() {
        return selector.keys().stream()
                .mapToLong(key -> ((Member) key.attachment()).lines)
                .max()
                .orElse(0);
    }

    private void read(Member member) throws IOException {
        chunk.clear();
        if (member.channel.read(chunk) < 0) {
            throw new IOException("a member of the crowd was closed by the server");
        }
        for (int i = 0; i < chunk.position(); i++) {
            if (chunk.get(i) == '\n') {
                member.lines++;
            }
        }
    }

    @Override
    public void close() {
        try {
            for (var member : members) {
                member.channel.close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
