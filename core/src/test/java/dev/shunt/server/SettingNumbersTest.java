package dev.shunt.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SettingNumbersTest {

    static Stream<Arguments> settings() {
        return Stream.of(
                setting("workerNum", ServerSettings::workerNum),
                setting("workerProcesses", ServerSettings::workerProcesses),
                setting("taskWorkerNum", ServerSettings::taskWorkerNum),
                setting("taskProcesses", ServerSettings::taskProcesses),
                setting("maxQueuedTasks", ServerSettings::maxQueuedTasks),
                setting("taskMaxRequest", ServerSettings::taskMaxRequest),
                setting("taskMaxRequestGrace", ServerSettings::taskMaxRequestGrace),
                setting("packageMaxLength", ServerSettings::packageMaxLength),
                setting("socketBufferSize", ServerSettings::socketBufferSize));
    }

    private static Arguments setting(String name, ObjIntConsumer<ServerSettings> setter) {
        return Arguments.of(name, setter);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void negativeNumber_isRefusedWhereItIsGiven_withNameValueAndRemedy(
            String name, ObjIntConsumer<ServerSettings> setter) {
        assertThatThrownBy(() -> setter.accept(new ServerSettings(), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(name + "(-1): give ")
                .hasMessageContaining("; ");
    }
}
