package dev.shunt.console;

import dev.shunt.control.Pages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The console's files: its own, and uPlot's from its jar. All are read once; nothing else of the class path can be had. */
public final class ConsolePages implements Pages {

    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    private final Map<String, Page> pages = new HashMap<>();

    public ConsolePages() {
        pages.put("", page("index.html", "text/html; charset=utf-8"));
        pages.put("icon.svg", page("icon.svg", "image/svg+xml"));
        pages.put("console.css", page("console.css", STYLE));
        pages.put("uplot.js", page(UPLOT + "dist/uPlot.esm.js", SCRIPT));
        pages.put("uplot.css", page(UPLOT + "dist/uPlot.min.css", STYLE));
        pages.put("uplot.LICENSE", page(UPLOT + "LICENSE", "text/plain; charset=utf-8"));
        for (String script : new String[] {
            "actions", "api", "charts", "console", "dom", "lists", "live", "overview", "processes", "tasks"
        }) {
            pages.put(script + ".js", page(script + ".js", SCRIPT));
        }
    }

    @Override
    public Optional<Page> page(String name) {
        return Optional.ofNullable(pages.get(name));
    }

    private static Page page(String resource, String type) {
        try (InputStream file = ConsolePages.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException("the console's file " + resource
                        + " is not on the class path; is its jar whole, and uplot's there?");
            }
            return new Page(type, file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("the console's file " + resource + " cannot be read", e);
        }
    }
}
