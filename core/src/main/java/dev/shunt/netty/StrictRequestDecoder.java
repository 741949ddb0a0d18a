package dev.shunt.netty;

import dev.shunt.http.HttpProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's decoder of requests, which also refuses what two readers could understand in two ways: a length beside chunks, and
 * what {@link HeadCheck} finds. Says how much of a head it holds.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {

    private static final int MAX_PIECE_BYTES = 64 << 10;

    private final HeadCheck check = new HeadCheck();
    private boolean inHead = true;
    private int headBytes;

    StrictRequestDecoder(HttpProtocol settings) {
        super(limits(settings));
    }

    private static HttpDecoderConfig limits(HttpProtocol settings) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(settings.maxLine())
                .setMaxHeaderSize(settings.maxHeaders())
                .setMaxChunkSize(MAX_PIECE_BYTES);
    }

    /** Of a head that is not whole; 0 if none has begun. */
    int unfinishedHeadBytes() {
        return inHead ? headBytes + actualReadableBytes() : 0;
    }

    /** Of all that has come and was not passed on. */
    int heldBytes() {
        return actualReadableBytes();
    }

    /** One step consumes bytes of a head, or of a body, never of both. */
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        boolean head = inHead;
        int from = in.readerIndex();
        int before = out.size();
        super.decode(context, in, out);
        if (head) {
            var bytes = new byte[in.readerIndex() - from]; // on the heap each of them costs less
            in.getBytes(from, bytes);
            check.see(bytes);
            headBytes += bytes.length;
        }
        for (int i = before; i < out.size(); i++) {
            Object made = out.get(i);
            if (made instanceof HttpRequest request) {
                begun(request);
            }
            if (made instanceof LastHttpContent) {
                nextHead();
            }
        }
    }

    private void begun(HttpRequest request) {
        if (check.isWrong() && request.decoderResult().isSuccess()) {
            request.setDecoderResult(check.failure());
        }
        inHead = false;
    }

    private void nextHead() {
        inHead = true;
        headBytes = 0;
        check.reset();
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("a Content-Length beside chunks");
    }
}
