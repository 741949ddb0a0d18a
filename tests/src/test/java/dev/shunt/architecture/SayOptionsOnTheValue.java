package dev.shunt.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/**
 * A static method that takes a value and returns its own type drops what was said before, where it is called on a value:
 * {@code DEFAULT.deadline(d).retries(3)}. Types are options if they have two methods that take a value and return the type
 * again; one is enough where there is something to begin with, a public constant or a constructor without parameters.
 */
final class SayOptionsOnTheValue extends ArchCondition<JavaClass> {

    SayOptionsOnTheValue() {
        super("say options on the value, not by a static method");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        if (!hasOptions(type)
                || type.getPackageName().endsWith("dev.shunt.dispatch")) { // which reads options, and has none
            return;
        }
        type.getMethods().stream()
                .filter(method -> isStatic(method) && takesAndReturns(method))
                .filter(method -> !method.getName().equals("at")) // the address of what the options are of
                .forEach(method -> events.add(SimpleConditionEvent.violated(
                        method,
                        method.getFullName() + " is static and returns its own type, which has options: make it"
                                + " an instance method, or begin with a constant")));
    }

    private static boolean hasOptions(JavaClass type) {
        long options = type.getMethods().stream()
                .filter(method -> !isStatic(method) && takesAndReturns(method))
                .count();
        return options > (hasBeginning(type) ? 0 : 1);
    }

    private static boolean hasBeginning(JavaClass type) {
        return type.getFields().stream()
                        .anyMatch(field -> isPublic(field)
                                && isStatic(field)
                                && field.getRawType().equals(type))
                || type.getConstructors().stream()
                        .anyMatch(constructor -> isPublic(constructor)
                                && constructor.getRawParameterTypes().isEmpty());
    }

    private static boolean takesAndReturns(JavaMethod method) {
        return !method.getModifiers().contains(JavaModifier.PRIVATE)
                && !method.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !method.getRawParameterTypes().isEmpty()
                && method.getRawReturnType().equals(method.getOwner());
    }

    private static boolean isStatic(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.STATIC);
    }

    private static boolean isPublic(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC);
    }
}
