package dev.shunt.spring.autoconfigure;

import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** A failure of a child's application context, for the log of another process: as Spring Boot would explain it. */
final class FailureText {

    private static final int MOST_CAUSES = 10;

    private FailureText() {}

    static String of(Throwable failure, @Nullable BeanFactory beans) {
        var loader = SpringFactoriesLoader.forDefaultResourceLocation();
        var known = beans == null ? ArgumentResolver.none() : ArgumentResolver.of(BeanFactory.class, beans);
        var analyzers = loader.load(FailureAnalyzer.class, known, FailureHandler.handleMessage((_, _) -> {}));
        return analyzers.stream()
                .map(analyzer -> analyzed(analyzer, failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> causes(failure));
    }

    private static @Nullable String analyzed(FailureAnalyzer analyzer, Throwable failure) {
        try {
            var analysis = analyzer.analyze(failure);
            return analysis == null
                    ? null
                    : analysis.getAction() == null
                            ? analysis.getDescription()
                            : analysis.getDescription().strip() + "\n" + analysis.getAction();
        } catch (RuntimeException | LinkageError e) { // another one may know it
            return null;
        }
    }

    private static String causes(Throwable failure) {
        var texts = new ArrayList<String>();
        Throwable next = failure;
        while (next != null && texts.size() < MOST_CAUSES) {
            String message = String.valueOf(next.getMessage());
            if (texts.stream().noneMatch(said -> said.contains(message))) { // Spring's exceptions repeat their cause's
                texts.add(next.toString());
            }
            next = next.getCause();
        }
        return String.join("\n  because of ", texts);
    }
}
