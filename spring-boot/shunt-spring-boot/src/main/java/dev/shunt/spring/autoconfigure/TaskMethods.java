package dev.shunt.spring.autoconfigure;

import dev.shunt.spring.ShuntSchedule;
import dev.shunt.spring.ShuntTask;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** What beans declare, found by their types: none is made for it. */
final class TaskMethods {

    private final Map<Class<?>, TaskMethod> handlers = new LinkedHashMap<>();
    private final List<TaskMethod> schedules = new ArrayList<>();

    TaskMethods(ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type = ScopedProxyUtils.isScopedTarget(name) ? null : type(beans, name);
            if (type != null && AnnotationUtils.isCandidateClass(type, List.of(ShuntTask.class, ShuntSchedule.class))) {
                methods(type, ShuntTask.class).forEach(method -> addHandler(new TaskMethod(beans, name, method)));
                methods(type, ShuntSchedule.class)
                        .forEach(method -> schedules.add(new TaskMethod(beans, name, method).checkedAsSchedule()));
            }
        }
    }

    private static @Nullable Class<?> type(ConfigurableListableBeanFactory beans, String name) {
        Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
        return type == null ? null : ClassUtils.getUserClass(type);
    }

    private static Iterable<Method> methods(Class<?> type, Class<? extends Annotation> annotation) {
        return MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<Annotation>)
                        method -> AnnotatedElementUtils.findMergedAnnotation(method, annotation))
                .keySet();
    }

    private void addHandler(TaskMethod method) {
        var handler = method.checkedAsHandler();
        var other = handlers.putIfAbsent(handler.payloadType(), handler);
        if (other != null) {
            throw new ShuntStartException(
                    "Tasks of " + handler.payloadType().getName() + " have two handlers: " + other + " and " + handler
                            + ".",
                    "Keep @ShuntTask on one of them, or give each a type of its own.");
        }
    }

    List<TaskMethod> handlers() {
        return List.copyOf(handlers.values());
    }

    @Nullable TaskMethod handler(Class<?> type) {
        return handlers.get(type);
    }

    List<TaskMethod> schedules() {
        return List.copyOf(schedules);
    }

    boolean areNone() {
        return handlers.isEmpty() && schedules.isEmpty();
    }
}
