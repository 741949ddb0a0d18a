package dev.shunt.ipc;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Two ends of one Unix socket; {@code peer} is raw, for tests that write what no link would. */
record LinkPair(BlockingLink link, SocketChannel peer) implements AutoCloseable {

    static LinkPair in(Path directory) throws IOException {
        var address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            var link = BlockingLink.connect(address.getPath());
            return new LinkPair(link, server.accept());
        }
    }

    @Override
    public void close() throws IOException {
        link.close();
        peer.close();
    }
}
