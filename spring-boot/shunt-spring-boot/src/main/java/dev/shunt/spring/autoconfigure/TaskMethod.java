package dev.shunt.spring.autoconfigure;

import dev.shunt.spring.ShuntTask;
import dev.shunt.task.Task;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ReflectionUtils;

/** A method of a bean, which is made when it is called first: in the process that calls it, and in no other. */
record TaskMethod(ListableBeanFactory beans, String bean, Method method) {

    /** The type of the tasks that it runs. */
    Class<?> payloadType() {
        return method.getParameterTypes()[0];
    }

    /** Throws if it cannot be one that runs tasks; says why. */
    TaskMethod checkedAsHandler() {
        var types = List.of(method.getParameterTypes());
        boolean fits = types.size() == 1 || (types.size() == 2 && types.get(1).equals(Task.class));
        if (!fits || types.getFirst().equals(Task.class)) {
            throw new ShuntStartException(
                    "@ShuntTask on " + this + ", whose parameters are " + types + ".",
                    "Give it one parameter for the task's payload, such as a record, and a dev.shunt.task.Task after it if it"
                            + " wants to know of the task.");
        }
        return this;
    }

    TaskMethod checkedAsSchedule() {
        if (method.getParameterCount() != 0) {
            throw new ShuntStartException(
                    "@ShuntSchedule on " + this + ", which has parameters.",
                    "A schedule has none to give: take them away, or return the payload of a task from a method without.");
        }
        return this;
    }

    @Nullable Object run(Object payload, Task task) throws Exception {
        return method.getParameterCount() == 1 ? call(payload) : call(payload, task);
    }

    @Nullable Object call(Object... arguments) throws Exception {
        Object target = beans.getBean(bean);
        var invocable = AopUtils.selectInvocableMethod(method, target.getClass());
        ReflectionUtils.makeAccessible(invocable);
        try {
            return invocable.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            switch (e.getTargetException()) {
                case Exception thrown -> throw thrown;
                case Error thrown -> throw thrown;
                case Throwable thrown -> throw new IllegalStateException(thrown);
            }
        }
    }

    ShuntTask annotation() {
        var annotation = method.getAnnotation(ShuntTask.class);
        if (annotation == null) {
            throw new IllegalStateException("no @ShuntTask on " + this);
        }
        return annotation;
    }

    @Override
    public String toString() {
        return method.getDeclaringClass().getName() + '.' + method.getName() + " of bean '" + bean + "'";
    }
}
