package dev.shunt.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.shunt.log.Log;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/**
 * The Unix socket where children get the descriptors of listening sockets (SCM_RIGHTS): they accept from the same queue,
 * which lives on when one of them dies. Who asks gives the secret of the run and says which, in one line.
 */
final class ListenerLending implements AutoCloseable {

    private static final Logger LOG = Log.of(ListenerLending.class);
    private static final int LONGEST_LINE = 4_096;

    private final Path socketFile;
    private final Channel channel;

    ListenerLending(Path socketFile, Channel channel) {
        this.socketFile = socketFile;
        this.channel = channel;
    }

    /** What a child asks. */
    static String line(String secret, List<Integer> wanted) {
        var line = new StringBuilder(secret);
        wanted.forEach(index -> line.append(' ').append(index));
        return line.append('\n').toString();
    }

    @Override
    public void close() throws IOException {
        var _ = channel.close();
        Files.deleteIfExists(socketFile);
    }

    @Override
    public String toString() {
        return "listening sockets on " + socketFile;
    }

    /** Answers one child; the loop's thread only. */
    static final class Lender extends ChannelInboundHandlerAdapter {

        private final String secret;
        private final Map<Integer, ListeningSocket> sockets;
        private final StringBuilder line = new StringBuilder();

        Lender(String secret, Map<Integer, ListeningSocket> sockets) {
            this.secret = secret;
            this.sockets = sockets;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var bytes = (ByteBuf) message;
            try {
                line.append(bytes.toString(US_ASCII));
            } finally {
                bytes.release();
            }
            if (line.length() > LONGEST_LINE) {
                refuse(context, "its line is too long");
            } else if (line.indexOf("\n") >= 0) {
                lend(context, line.toString().strip().split(" "));
            }
        }

        private void lend(ChannelHandlerContext context, String[] words) {
            if (!MessageDigest.isEqual(secret.getBytes(US_ASCII), words[0].getBytes(US_ASCII))) {
                refuse(context, "its secret is wrong");
                return;
            }
            var lent = new ArrayList<UnixChannel>();
            for (int i = 1; i < words.length; i++) {
                var socket = sockets.get(Integer.parseInt(words[i]));
                if (socket == null || !(socket.channel() instanceof UnixChannel unix) || !unix.isOpen()) {
                    refuse(context, "listener " + words[i] + " is not listened on for children, or no longer");
                    return;
                }
                lent.add(unix);
            }
            for (var unix : lent) {
                var _ = context.write(unix.fd());
            }
            context.flush();
        }

        private static void refuse(ChannelHandlerContext context, String why) {
            LOG.warn("who asks for listening sockets gets none: {}", why);
            var _ = context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            GuardedLoop.endIfFatal(context, cause);
            refuse(context, cause.toString());
        }
    }
}
