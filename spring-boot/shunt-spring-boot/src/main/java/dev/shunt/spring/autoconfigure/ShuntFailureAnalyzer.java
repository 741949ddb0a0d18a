package dev.shunt.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains a start that failed because of its tasks. */
final class ShuntFailureAnalyzer extends AbstractFailureAnalyzer<ShuntStartException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, ShuntStartException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
