package dev.shunt.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import dev.shunt.testkit.ManualEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;

/** Without processes and without waiting: the engine runs what is due when it is told. */
@SpringBootTest(properties = "shunt.durability=memory")
@AutoConfigureMockMvc
class MailsTest {

    @TempDir
    static Path directory;

    @Autowired
    private MockMvc http;

    @Autowired
    private ManualEngine engine;

    @DynamicPropertySource
    static void store(DynamicPropertyRegistry properties) {
        properties.add("mails.store", () -> directory.resolve("mails.db").toString());
    }

    @Test
    void aMail_waits_untilATaskHasSentIt() throws Exception {
        String id = posted("{\"to\": \"ann@example.org\"}");
        http.perform(get("/mails/" + id)).andExpect(jsonPath("$.state").value("queued"));

        assertThat(engine.runDue()).isEqualTo(1);
        http.perform(get("/mails/" + id)).andExpect(jsonPath("$.state").value("done"));
    }

    @Test
    void aMailWhoseProcessDies_isSentByAnother() throws Exception {
        engine.loseNext();
        String id = posted("{\"to\": \"bob@example.org\"}");
        engine.runDue();
        http.perform(get("/mails/" + id)).andExpect(jsonPath("$.state").value("queued"));

        engine.runNext(); // the clock moves on to the second attempt
        http.perform(get("/mails/" + id)).andExpect(jsonPath("$.state").value("done"));
    }

    @Test
    void aMailToNobody_fails() throws Exception {
        String id = posted("{\"to\": \"nobody@example.invalid\"}");
        engine.runDue();
        http.perform(get("/mails/" + id))
                .andExpect(jsonPath("$.state").value("failed"))
                .andExpect(jsonPath("$.problem").value("nobody can be reached at nobody@example.invalid"));
    }

    @Test
    void whatMakesNoSense_isRefused() throws Exception {
        http.perform(post("/mails").contentType("application/json").content("{}"))
                .andExpect(status().isBadRequest());
        http.perform(post("/mails").contentType("application/json").content("{\"to\": \"x\", \"seconds\": -1}"))
                .andExpect(status().isBadRequest());
        http.perform(post("/mails").contentType("application/json").content("{"))
                .andExpect(status().isBadRequest());
        http.perform(get("/mails/none")).andExpect(status().isNotFound());
    }

    private String posted(String mail) throws Exception {
        var answer = http.perform(post("/mails").contentType("application/json").content(mail))
                .andExpect(status().isAccepted())
                .andReturn();
        return JsonPath.read(answer.getResponse().getContentAsString(), "$.id");
    }
}
