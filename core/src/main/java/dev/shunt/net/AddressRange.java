package dev.shunt.net;

import dev.shunt.check.Check;
import java.math.BigInteger;
import java.net.InetAddress;

/**
 * The addresses that begin with the same bits, such as {@code 10.0.0.0/8}, {@code fd00::/8}, or a single one.
 *
 * @param bits how many of the first bits are the same
 */
public record AddressRange(InetAddress first, int bits) {

    public AddressRange {
        if (bits < 0 || bits > length(first)) {
            throw new IllegalArgumentException(
                    "/" + bits + " of " + first.getHostAddress() + " is not 0 to " + length(first));
        }
    }

    /** Reads {@code ADDRESS} or {@code ADDRESS/BITS}; a host name is none. */
    public static AddressRange parse(String text) {
        int slash = Check.given("address", text).indexOf('/');
        try {
            var address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            return new AddressRange(address, slash < 0 ? length(address) : Integer.parseInt(text.substring(slash + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no range of addresses; write 127.0.0.1, 10.0.0.0/8 or fd00::/8", e);
        }
    }

    public boolean contains(InetAddress address) {
        int rest = length(first) - bits;
        return length(address) == length(first)
                && number(address).shiftRight(rest).equals(number(first).shiftRight(rest));
    }

    private static int length(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + bits;
    }
}
