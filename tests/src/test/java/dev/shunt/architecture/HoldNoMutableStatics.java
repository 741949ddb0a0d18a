package dev.shunt.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Static fields that can be assigned again, or whose class's initializer makes something mutable to put there. */
final class HoldNoMutableStatics extends ArchCondition<JavaClass> {

    /**
     * Behind the statics of Worker and Timer, which have no other way to know their program and their engine; and handlers
     * of signals, of which a process has one each.
     */
    private static final Set<String> MAY = Set.of(
            "dev.shunt.worker.Program",
            "dev.shunt.engine.CurrentEngine",
            "dev.shunt.process.Signals",
            "dev.shunt.process.StopSignals");

    HoldNoMutableStatics() {
        super("hold no mutable statics");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        if (MAY.stream().anyMatch(type.getName()::endsWith)) {
            return;
        }
        for (JavaField field : type.getFields()) {
            if (field.getModifiers().contains(JavaModifier.STATIC) && isMutable(field)) {
                events.add(SimpleConditionEvent.violated(
                        field,
                        field.getFullName()
                                + " is static and mutable; what a call is in the midst of fits a ScopedValue"));
            }
        }
    }

    private static boolean isMutable(JavaField field) {
        return !field.getModifiers().contains(JavaModifier.FINAL)
                || field.getOwner().getStaticInitializer().stream()
                        .flatMap(initializer -> initializer.getConstructorCallsFromSelf().stream())
                        .map(call -> call.getTargetOwner())
                        .anyMatch(made -> isMutable(made)
                                && made.isAssignableTo(field.getRawType().getName()));
    }

    private static boolean isMutable(JavaClass made) {
        var collects = made.isAssignableTo(Collection.class) || made.isAssignableTo(Map.class);
        return made.isAssignableTo(ThreadLocal.class)
                || made.getPackageName().startsWith("java.util.concurrent")
                || (collects && made.getPackageName().equals("java.util"));
    }
}
