package dev.shunt.benchmarks.jmh;

import dev.shunt.data.Codec;
import dev.shunt.data.Data;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Payloads as a program gives them, into bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PayloadBenchmark {

    /** A task as the manual's. */
    public record SendMail(String from, String to, String contents) {}

    private final SendMail mail = new SendMail("shop@example.com", "user1@example.com", "Your order is on its way.");
    private final String text = "x".repeat(64);
    private final byte[] json = Codec.json().encode(mail);

    @Benchmark
    public Data text() {
        return Data.of(text).encoded();
    }

    @Benchmark
    public Data record() {
        return Data.of(mail).encoded();
    }

    @Benchmark
    public SendMail decodeRecord() {
        return Data.received(Data.Kind.OBJECT, json, Codec.json()).as(SendMail.class);
    }
}
