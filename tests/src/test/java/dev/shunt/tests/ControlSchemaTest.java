package dev.shunt.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.data.Codec;
import dev.shunt.data.TypeRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlSchemaTest {

    private static final Path DOCUMENTED = Path.of("../docs/control-api.schema.json");

    @Test
    void documentedSchema_isThatOfTheAnswers() throws IOException {
        var documented =
                Codec.json().decode(Files.readAllBytes(DOCUMENTED), new TypeRef<LinkedHashMap<String, Object>>() {});

        assertThat(documented)
                .as("of the documents, which is: " + new String(Codec.json().encode(ControlSchema.all()), UTF_8))
                .isEqualTo(ControlSchema.all());
    }

    @Test
    void whatIsOtherwise_isTold() {
        var schema = Map.of(
                "type", "object", "properties", Map.of("a", Map.of("type", "integer")), "required", List.of("a"));

        assertThat(ControlSchema.problems(schema, Map.of("a", 1), "x")).isEmpty();
        assertThat(ControlSchema.problems(schema, Map.of("a", "1"), "x")).containsExactly("x.a is 1, not integer");
        assertThat(ControlSchema.problems(schema, Map.of("b", 1), "x"))
                .containsExactly("x.a is missing", "x.b is not in the schema");
    }
}
