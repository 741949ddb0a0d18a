package dev.shunt.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileRangeTest {

    private static final long SIZE = 10;

    private static Optional<String> read(String header, long size) {
        return FileRange.of(header, size)
                .map(ranges -> ranges.stream()
                        .map(range -> range.first() + "-" + range.last())
                        .collect(Collectors.joining(" ")));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0-0",
        "bytes=2-4, 2-4",
        "Bytes= 2-4 , 2-4",
        "bytes=8-, 8-9",
        "bytes=8-99, 8-9",
        "bytes=8-99999999999999999999, 8-9",
        "bytes=-3, 7-9",
        "bytes=-99, 0-9",
        "'bytes=0-1,4-5', 0-1 4-5",
        "'bytes= 4-5 ,, 0-1, ', 4-5 0-1",
        "'bytes=0-1,10-', 0-1",
        "bytes=10-, ''",
        "bytes=-0, ''",
        "'bytes=10-11,99999999999999999999-', ''"
    })
    void ranges_areThoseOfTheFile_inTheirOrder(String header, String expected) {
        assertThat(read(header, SIZE)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=,",
                "bytes=-",
                "bytes=a-b",
                "bytes=1",
                "bytes=4-2",
                "bytes=1-2-3",
                "bytes=0-1,x",
                "bytes=0-1,4-2",
                "bytes=+1-2",
                "lines=1-2",
                "bytes 1-2"
            })
    void whatIsNotUnderstood_doesNotCount(String header) {
        assertThat(FileRange.of(header, SIZE)).isEmpty();
    }

    @Test
    void emptyFile_hasNone() {
        assertThat(read("bytes=0-", 0)).contains("");
        assertThat(read("bytes=-1", 0)).contains("");
    }

    @Test
    void tooMany_doNotCount() {
        assertThat(FileRange.of(ranges(FileRange.MAX), SIZE)).isPresent();
        assertThat(FileRange.of(ranges(FileRange.MAX + 1), SIZE)).isEmpty();
    }

    private static String ranges(int count) {
        return "bytes=" + IntStream.range(0, count).mapToObj(i -> i + "-" + i).collect(Collectors.joining(","));
    }
}
