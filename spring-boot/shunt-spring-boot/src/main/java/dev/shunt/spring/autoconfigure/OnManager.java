package dev.shunt.spring.autoconfigure;

import dev.shunt.Shunt;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** For what only the application itself has, and none of its children. */
final class OnManager extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return new ConditionOutcome(
                !Shunt.isChild(),
                ConditionMessage.forCondition("Shunt's manager")
                        .because(Shunt.isChild() ? "this process is a child" : "this process is no child"));
    }
}
