package dev.shunt.data;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON through Jackson; records and POJOs need no annotation. Stateless but for Jackson's own caches. */
final class JsonCodec implements Codec {

    static final JsonCodec INSTANCE = new JsonCodec();

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS, SerializationFeature.FAIL_ON_SELF_REFERENCES)
            .build();

    private JsonCodec() {}

    @Override
    public byte[] encode(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "cannot encode a " + value.getClass().getName() + " as JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public <T> T decode(byte[] bytes, Class<T> type) {
        try {
            return mapper.readValue(bytes, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "cannot decode " + bytes.length + " bytes as " + type.getName() + ": " + e.getOriginalMessage(), e);
        }
    }
}
