package dev.shunt.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/**
 * Options are types with a method that takes a value and returns the type again. A static method that looks like that drops
 * what was said before, where it is called on a value: {@code DEFAULT.deadline(d).retries(3)}.
 */
final class SayOptionsOnTheValue extends ArchCondition<JavaClass> {

    SayOptionsOnTheValue() {
        super("say options on the value, not by a static method");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        boolean options = type.getMethods().stream().anyMatch(method -> !isStatic(method) && takesAndReturns(method));
        if (!options) {
            return;
        }
        type.getMethods().stream()
                .filter(method -> isStatic(method) && takesAndReturns(method))
                .forEach(method -> events.add(SimpleConditionEvent.violated(
                        method,
                        method.getFullName() + " is static and returns its own type, which has options: make it"
                                + " an instance method, or begin with a constant")));
    }

    private static boolean isStatic(JavaMethod method) {
        return method.getModifiers().contains(JavaModifier.STATIC);
    }

    private static boolean takesAndReturns(JavaMethod method) {
        return !method.getModifiers().contains(JavaModifier.PRIVATE)
                && !method.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !method.getRawParameterTypes().isEmpty()
                && method.getRawReturnType().equals(method.getOwner());
    }
}
