package dev.shunt.applications;

import dev.shunt.Shunt;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** A child has the beans and no web server. */
@QuarkusMain
public class Application {

    public static void main(String... args) {
        if (Shunt.isChild()) {
            System.setProperty("quarkus.http.host-enabled", "false");
        }
        Quarkus.run(args);
    }
}
