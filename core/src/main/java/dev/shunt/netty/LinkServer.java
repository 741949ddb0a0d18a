package dev.shunt.netty;

import dev.shunt.ipc.Frame.FromChild;
import dev.shunt.ipc.LinkEvents;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The Unix socket that children connect to, and their links. */
final class LinkServer implements AutoCloseable {

    private final Path socketFile;
    private final Channel channel;
    private final Set<ChannelLink> links = ConcurrentHashMap.newKeySet();

    LinkServer(Path socketFile, Channel channel) {
        this.socketFile = socketFile;
        this.channel = channel;
    }

    void prepare(Channel accepted, NettyLoop loop, LinkEvents<FromChild> events) {
        var link = new ChannelLink(accepted, loop, events);
        links.add(link);
        accepted.closeFuture().addListener(_ -> links.remove(link));
        Pipelines.single(accepted, link);
    }

    @Override
    public void close() throws IOException {
        var _ = channel.close();
        links.forEach(ChannelLink::close);
        Files.deleteIfExists(socketFile);
    }

    @Override
    public String toString() {
        return "links on " + socketFile;
    }
}
