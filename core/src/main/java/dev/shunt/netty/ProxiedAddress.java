package dev.shunt.netty;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Whose connection a proxy has passed on, and where that came in; kept with its channel. */
record ProxiedAddress(InetSocketAddress from, InetSocketAddress to) {

    private static final AttributeKey<ProxiedAddress> KEY = AttributeKey.valueOf(ProxiedAddress.class, "passed");

    /** Null if no proxy has said so. */
    static @Nullable ProxiedAddress of(Channel channel) {
        return channel.attr(KEY).get();
    }

    void keepWith(Channel channel) {
        channel.attr(KEY).set(this);
    }
}
