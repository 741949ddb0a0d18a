package dev.shunt.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** How an address is written: of IPv6 as RFC 5952 says, {@code 2001:db8::1}, and not as the JDK does. */
public final class ClientAddress {

    private static final int GROUPS = 8;
    private static final int GROUP = 0xffff;

    private ClientAddress() {}

    public static String text(InetAddress address) {
        if (!(address instanceof Inet6Address v6)) {
            return address.getHostAddress();
        }
        var text = compressed(ByteBuffer.wrap(v6.getAddress()));
        if (v6.getScopeId() == 0) { // none: the JDK would write %0 for some
            return text;
        }
        String written = v6.getHostAddress();
        return text + written.substring(written.indexOf('%'));
    }

    private static String compressed(ByteBuffer bytes) {
        int from = GROUPS;
        int length = 1; // one group alone is not left out
        for (int i = 0; i < GROUPS; i++) {
            int zeros = zeros(bytes, i);
            if (zeros > length) {
                from = i;
                length = zeros;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == from) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(i == 0 || i == from + length ? "" : ":").append(Integer.toHexString(group(bytes, i)));
            }
        }
        return text.toString();
    }

    /** How many groups from there on are 0. */
    private static int zeros(ByteBuffer bytes, int from) {
        int i = from;
        while (i < GROUPS && group(bytes, i) == 0) {
            i++;
        }
        return i - from;
    }

    private static int group(ByteBuffer bytes, int index) {
        return bytes.getShort(index * Short.BYTES) & GROUP;
    }
}
