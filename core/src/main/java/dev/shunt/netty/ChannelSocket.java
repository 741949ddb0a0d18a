package dev.shunt.netty;

import dev.shunt.data.Data;
import dev.shunt.http.Bodies;
import dev.shunt.net.CloseStatus;
import dev.shunt.net.Peer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Socket} on a Netty channel, as any thread sees it: packets go to the {@link Outbox}, all else that is asked for
 * becomes a step of its {@link SocketLifecycle} on the loop.
 */
final class ChannelSocket implements Socket {

    private final NettyLoop loop;
    private final SocketLifecycle lifecycle;
    private final Outbox outbox;
    private volatile @Nullable Object attachment;

    ChannelSocket(SocketSpec spec, NettyLoop loop, Peer peer) {
        this.loop = loop;
        lifecycle = new SocketLifecycle(this, spec, loop, peer);
        outbox = lifecycle.outbox();
        spec.open().add(this);
    }

    SocketLifecycle lifecycle() {
        return lifecycle;
    }

    @Override
    public Peer peer() {
        return lifecycle.peer();
    }

    @Override
    public NettyLoop loop() {
        return loop;
    }

    @Override
    public boolean isOpen() {
        return lifecycle.isOpen();
    }

    @Override
    public boolean takesMessages() {
        return lifecycle.takesMessages();
    }

    @Override
    public long receivedBytes() {
        return lifecycle.receivedBytes();
    }

    @Override
    public long sentBytes() {
        return outbox.writtenBytes();
    }

    @Override
    public long waitingBytes() {
        return outbox.waitingBytes();
    }

    @Override
    public void keeps(long bytes) {
        lifecycle.memory().kept(bytes);
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object attachment) {
        this.attachment = attachment;
    }

    @Override
    public boolean send(Data packet) {
        return lifecycle.takesPackets() && outbox.offer(packet.kind(), packet.bytes());
    }

    @Override
    public boolean send(SharedPacket packet) {
        return lifecycle.takesPackets() && outbox.offer(packet);
    }

    @Override
    public void tellWhenDrained() {
        outbox.tellWhenDrained();
    }

    @Override
    public void close() {
        close(CloseStatus.NORMAL);
    }

    @Override
    public void close(CloseStatus why) {
        if (!lifecycle.isLeaving()) {
            lifecycle.setLeaving();
            loop.run(() -> lifecycle.leave(why));
        }
    }

    @Override
    public CloseStatus closeStatus() {
        return lifecycle.closeStatus();
    }

    @Override
    public void destroy(String reason) {
        lifecycle.setLeaving();
        loop.run(() -> lifecycle.cut(reason));
    }

    @Override
    public void lost(String reason) {
        loop.run(() -> lifecycle.lost(reason));
    }

    @Override
    public boolean claim(long requestId) {
        return lifecycle.asked().claim(requestId);
    }

    @Override
    public void askBody(long requestId, int bytes, Bodies.Sink sink) {
        loop.run(() -> lifecycle.askBody(requestId, bytes, sink));
    }

    @Override
    public void drain() {
        loop.run(lifecycle::drain);
    }

    @Override
    public void shutDown() {
        lifecycle.setLeaving();
        loop.run(lifecycle::shutDown);
    }

    @Override
    public void pauseReading() {
        lifecycle.input().pause();
        loop.run(lifecycle::regulate);
    }

    @Override
    public void resumeReading() {
        lifecycle.input().resume();
        loop.ask(() -> {
            lifecycle.regulate();
            lifecycle.proceed();
        });
    }

    @Override
    public String toString() {
        return lifecycle.toString();
    }
}
