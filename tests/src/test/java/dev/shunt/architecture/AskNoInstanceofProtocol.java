package dev.shunt.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/**
 * What is spoken on a connection is told apart by an exhaustive switch over the sealed {@code ApplicationProtocol},
 * which the compiler checks when one more way is added; {@code instanceof} would overlook it.
 */
final class AskNoInstanceofProtocol extends ArchCondition<JavaClass> {

    private static final Set<String> PROTOCOLS = Set.of("ApplicationProtocol", "Protocol");

    AskNoInstanceofProtocol() {
        super("ask no instanceof of a protocol");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        type.getCodeUnits().stream()
                .map(JavaCodeUnit::getInstanceofChecks)
                .flatMap(Set::stream)
                .filter(check -> isProtocol(check.getRawType()))
                .forEach(check -> events.add(SimpleConditionEvent.violated(
                        check,
                        check.getOwner().getFullName() + " asks instanceof "
                                + check.getRawType().getName() + "; switch over what is spoken")));
    }

    private static boolean isProtocol(JavaClass type) {
        return PROTOCOLS.contains(type.getSimpleName())
                || type.getAllRawInterfaces().stream().anyMatch(i -> PROTOCOLS.contains(i.getSimpleName()));
    }
}
