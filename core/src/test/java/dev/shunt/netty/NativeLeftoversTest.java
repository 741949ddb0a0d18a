package dev.shunt.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLeftoversTest {

    @TempDir
    Path directory;

    @Test
    void whatWasThereBefore_isRemovedLater_nothingElse() throws IOException {
        var left = Files.createFile(directory.resolve("libnetty_transport_native_epoll_x86_64123.so"));
        var other = Files.createFile(directory.resolve("libnetty.so"));
        var leftovers = NativeLeftovers.look(directory);
        var fresh = Files.createFile(directory.resolve("libnetty_transport_native_epoll_x86_64456.so"));
        assertThat(left).exists();
        leftovers.remove();
        assertThat(left).doesNotExist();
        assertThat(fresh).exists();
        assertThat(other).exists();
    }
}
