package dev.shunt.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What an editor knows of {@code shunt.*}, and the guide. */
class ShuntPropertiesTest {

    @Test
    void eachProperty_isDescribed_andInTheGuide() throws IOException {
        var guide = Files.readString(Path.of("..", "..", "docs", "spring-boot.md"));
        assertThat(properties()).hasSizeGreaterThan(15).allSatisfy(property -> {
            String name = Objects.requireNonNull(property.get("name"));
            assertThat(property).as(name).containsKeys("description", "type");
            String shortened = '.' + name.substring(name.lastIndexOf('.') + 1);
            assertThat(guide)
                    .matches(text -> text.contains('`' + name + '`') || text.contains('`' + shortened + '`'), name);
        });
    }

    private static List<Map<String, String>> properties() throws IOException {
        var metadata = Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json");
        List<Map<String, String>> all =
                JsonPath.parse(Files.readString(metadata)).read("$.properties");
        return all.stream()
                .filter(property -> Objects.requireNonNull(property.get("name")).startsWith("shunt."))
                .toList();
    }
}
