package dev.shunt.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.http.Request;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionIdsTest {

    private static final long MOST = (1L << ConnectionIds.COUNT_BITS) - 1;

    @Test
    void alone_theyCountFrom1() {
        var ids = new ConnectionIds();
        assertThat(ids.next()).isOne();
        assertThat(ids.take(10)).isEqualTo(2);
        assertThat(ids.next()).isEqualTo(12);
        assertThat(ConnectionIds.nodeOf(12)).isZero();
    }

    @Test
    void onANode_theyBeginWithItsNumber_andAreExactInJson() {
        var ids = new ConnectionIds();
        ids.of(32_767, _ -> false);
        long id = ids.next();
        assertThat(ConnectionIds.nodeOf(id)).isEqualTo(32_767);
        assertThat(id).isEqualTo((32_767L << 28) + 1).isLessThan(1L << 53);
        long request = Request.idOf(id, 1);
        assertThat(request).isPositive();
        assertThat(Request.connectionOf(request)).isEqualTo(id);
        assertThat(ConnectionIds.nodeOf(-1)).isZero();
        assertThat(ConnectionIds.nodeOf(Long.MAX_VALUE)).isZero();
    }

    @Test
    void usedUp_theyBeginAgain_withoutThoseThatAreOpen() {
        var ids = new ConnectionIds(MOST - 3);
        long above = 5L << ConnectionIds.COUNT_BITS;
        ids.of(5, Set.of(above, above + 2, above + 10)::contains);
        assertThat(ids.next()).isEqualTo(above + MOST - 2);
        assertThat(ids.take(4)).isEqualTo(above + 6); // no block over the end, and none with an open one
        assertThat(ids.next()).isEqualTo(above + 11);
        assertThat(ids.take(3)).isEqualTo(above + 12);
    }
}
