package dev.shunt.data;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON through Jackson; records and POJOs need no annotation. Stateless but for Jackson's own caches. */
final class JsonCodec implements Codec {

    static final JsonCodec INSTANCE = new JsonCodec();

    /** Made when first used: its some 500 classes are a large part of a child's start, and many programs send no object. */
    private static final class Mapper {

        static final JsonMapper JACKSON = JsonMapper.builder()
                .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS, SerializationFeature.FAIL_ON_SELF_REFERENCES)
                .build();
    }

    private JsonCodec() {}

    @Override
    public byte[] encode(Object value) {
        try {
            return Mapper.JACKSON.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "cannot encode a " + value.getClass().getName() + " as JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public <T> T decode(byte[] bytes, Class<T> type) {
        try {
            return Mapper.JACKSON.readValue(bytes, type);
        } catch (JacksonException e) {
            throw notSuch(type.getName(), bytes, e);
        }
    }

    @Override
    public <T> T decode(byte[] bytes, TypeRef<T> type) {
        try {
            return Mapper.JACKSON.readValue(bytes, Mapper.JACKSON.constructType(type.type()));
        } catch (JacksonException e) {
            throw notSuch(type.toString(), bytes, e);
        }
    }

    private static IllegalArgumentException notSuch(String type, byte[] bytes, JacksonException e) {
        return new IllegalArgumentException(
                "cannot decode " + bytes.length + " bytes as " + type + ": " + e.getOriginalMessage(), e);
    }
}
