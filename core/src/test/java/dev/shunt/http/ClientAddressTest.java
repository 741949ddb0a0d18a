package dev.shunt.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:0, ::",
        "2001:db8:0:0:0:0:0:1, 2001:db8::1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "fe80:0:0:0:0:0:0:0, fe80::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "192.0.2.1, 192.0.2.1",
        "::ffff:192.0.2.1, 192.0.2.1",
    })
    void text_isTheShortForm(String given, String text) {
        assertThat(ClientAddress.text(InetAddress.ofLiteral(given))).isEqualTo(text);
    }

    /** Datagrams come from addresses with a scope, which is 0 where there is none. */
    @ParameterizedTest
    @CsvSource({"0, fe80::1", "7, fe80::1%7"})
    void scope_isWritten_ifThereIsOne(int scope, String text) throws UnknownHostException {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();
        assertThat(ClientAddress.text(Inet6Address.getByAddress("", bytes, scope)))
                .isEqualTo(text);
    }
}
