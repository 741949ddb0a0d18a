package dev.shunt.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.micrometer.ShuntMeters;
import dev.shunt.plan.WhenFull;
import dev.shunt.pool.TaskPool;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How many series there are: as many as types, whatever runs. */
class MeterSeriesTest {

    private static final int TASKS = 100_000;

    /** What has series of its own, the rest together being one. */
    private static final int SHOWN = 200;

    @Test
    void hundredThousandTasksOfManyTypes_haveNoMoreSeriesThanTheFirstOfEachHad() throws Exception {
        var payloads = payloads(250);
        var builder = TaskPool.builder().slots(2).inProcess().whenQueueFull(WhenFull.WAIT);
        payloads.forEach(payload -> builder.handle(payload.getClass(), _ -> {}));
        var registry = new SimpleMeterRegistry();
        try (var pool = builder.start()) {
            var meters = ShuntMeters.of(pool);
            meters.bindTo(registry);
            for (var payload : payloads) {
                pool.submit(payload);
            }
            pool.submit(payloads.getLast()).await();
            await().until(meters::refresh); // false when the program is too busy to answer in time
            var before = ids(registry);
            for (int i = payloads.size() + 1; i < TASKS; i++) {
                pool.submit(payloads.get(i % payloads.size()));
            }
            pool.submit(payloads.getFirst()).await();
            await().until(meters::refresh); // false when the program is too busy to answer in time
            assertThat(ids(registry)).isEqualTo(before);
            assertThat(registry.get("shunt.tasks.submitted").functionCounters())
                    .hasSize(SHOWN)
                    .anyMatch(counter -> "other".equals(counter.getId().getTag("type")));
            assertThat(registry.get("shunt.tasks.submitted").functionCounters().stream()
                            .mapToDouble(FunctionCounter::count)
                            .sum())
                    .isEqualTo(TASKS + 1.0);
        }
    }

    private static Set<Meter.Id> ids(MeterRegistry registry) {
        return registry.getMeters().stream().map(Meter::getId).collect(Collectors.toSet());
    }

    /** Each of a class that has one number. */
    private static List<Object> payloads(int count) throws ReflectiveOperationException {
        var payloads = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            var type = ClassDesc.of(MeterSeriesTest.class.getPackageName(), "Payload" + i);
            byte[] bytes = ClassFile.of()
                    .build(
                            type,
                            made -> made.withFlags(ClassFile.ACC_PUBLIC)
                                    .withField("number", ConstantDescs.CD_int, ClassFile.ACC_PUBLIC)
                                    .withMethodBody(
                                            ConstantDescs.INIT_NAME,
                                            ConstantDescs.MTD_void,
                                            ClassFile.ACC_PUBLIC,
                                            code -> code.aload(0)
                                                    .invokespecial(
                                                            ConstantDescs.CD_Object,
                                                            ConstantDescs.INIT_NAME,
                                                            ConstantDescs.MTD_void)
                                                    .return_()));
            var payload =
                    MethodHandles.lookup().defineClass(bytes).getConstructor().newInstance();
            payloads.add(Objects.requireNonNull(payload));
        }
        return payloads;
    }
}
