package dev.shunt.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.shunt.log.Log;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * JSON through Jackson, with its modules that the class path has; records and POJOs need no annotation. Stateless but for
 * Jackson's own caches.
 */
final class JsonCodec implements Codec {

    static final JsonCodec INSTANCE = new JsonCodec(() -> Mapper.JACKSON);
    static final JsonCodec FOR_READERS = new JsonCodec(() -> ReadersMapper.JACKSON);

    private static final Logger LOG = Log.of(JsonCodec.class);

    /** Made when first used: its some 500 classes are a large part of a child's start, and many programs send no object. */
    private static final class Mapper {

        static final JsonMapper JACKSON = JsonMapper.builder()
                .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS, SerializationFeature.FAIL_ON_SELF_REFERENCES)
                .addModules(modules())
                .addModule(new RequiredPrimitives())
                .build();

        /** Where Jackson is, so are they. */
        private static List<JacksonModule> modules() {
            try {
                return JsonMapper.Builder.findModules(JsonMapper.class.getClassLoader());
            } catch (ServiceConfigurationError e) {
                LOG.warn("modules of Jackson cannot be used: {}", e.getMessage(), e);
                return List.of();
            }
        }
    }

    /** As whoever reads a document wants it: {@code snake_case}, nothing that is not there, no number that JavaScript rounds. */
    private static final class ReadersMapper {

        private static final long MAX_EXACT = (1L << 53) - 1;

        static final JsonMapper JACKSON = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .addModule(exactNumbers())
                .build();

        private static SimpleModule exactNumbers() {
            var serializer = new ValueSerializer<Long>() {
                @Override
                public void serialize(Long value, JsonGenerator out, SerializationContext context) {
                    if (Math.abs(value) > MAX_EXACT) {
                        out.writeString(value.toString());
                    } else {
                        out.writeNumber(value);
                    }
                }
            };
            return new SimpleModule().addSerializer(Long.class, serializer).addSerializer(long.class, serializer);
        }
    }

    private final Supplier<JsonMapper> mapper;

    /** Has of all that payloads usually have. */
    private record Sample(String text, long number, double fraction, boolean flag, List<String> list) {}

    private JsonCodec(Supplier<JsonMapper> mapper) {
        this.mapper = mapper;
    }

    private JsonMapper jackson() {
        return mapper.get();
    }

    @Override
    public void warmUp(Collection<Class<?>> types) {
        decode(encode(new Sample("text", 1, 0.5, true, List.of("part"))), Sample.class);
        for (var type : types) {
            try {
                var _ = jackson().writerFor(type);
                var _ = jackson().readerFor(type);
            } catch (JacksonException | LinkageError e) { // of the program's class, and said where it is encoded
                LOG.debug("{} cannot be prepared for", type.getName(), e);
            }
        }
    }

    @Override
    public byte[] encode(Object value) {
        try {
            return jackson().writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "cannot encode a " + value.getClass().getName() + " as JSON: " + e.getOriginalMessage()
                            + remedy(value.getClass(), e),
                    e);
        }
    }

    @Override
    public <T> T decode(byte[] bytes, Class<T> type) {
        try {
            return jackson().readValue(bytes, type);
        } catch (JacksonException e) {
            throw notSuch(type.getName() + remedy(type, e), bytes, e);
        }
    }

    @Override
    public <T> T decode(byte[] bytes, TypeRef<T> type) {
        try {
            return jackson().readValue(bytes, jackson().constructType(type.type()));
        } catch (JacksonException e) {
            throw notSuch(type.toString(), bytes, e);
        }
    }

    /** What to do if a class is of a module that lets Jackson look at nothing. */
    private static String remedy(Class<?> type, JacksonException problem) {
        var module = type.getModule();
        String name = type.getPackageName();
        boolean closed = !module.isOpen(name, JsonMapper.class.getModule());
        return closed && isOfAccess(problem)
                ? "; " + module + " does not open its package " + name + ": say 'opens " + name
                        + " to tools.jackson.databind;' in its module-info.java"
                : "";
    }

    private static boolean isOfAccess(Throwable problem) {
        return Stream.iterate(problem, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause ->
                        cause instanceof IllegalAccessException || cause instanceof InaccessibleObjectException);
    }

    private static IllegalArgumentException notSuch(String type, byte[] bytes, JacksonException e) {
        return new IllegalArgumentException(
                "cannot decode " + bytes.length + " bytes as " + type + ": " + e.getOriginalMessage() + where(e), e);
    }

    /** The field, such as {@code , at mails[2].to}. */
    private static String where(JacksonException e) {
        var path = new StringBuilder();
        for (var step : e.getPath()) {
            String name = step.getPropertyName();
            if (name == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.isEmpty() ? "" : ", at " + path;
    }
}
