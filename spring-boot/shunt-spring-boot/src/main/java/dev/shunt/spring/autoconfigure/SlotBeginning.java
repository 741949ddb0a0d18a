package dev.shunt.spring.autoconfigure;

import dev.shunt.Shunt;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** In a child: its first slot makes the beans whose methods run tasks, before there is a task; its last one ends them. */
final class SlotBeginning {

    private final ConfigurableListableBeanFactory beans;
    private final TaskMethods methods;
    private final AtomicInteger running = new AtomicInteger();

    SlotBeginning(ConfigurableListableBeanFactory beans, TaskMethods methods) {
        this.beans = beans;
        this.methods = methods;
    }

    void begins() {
        running.incrementAndGet();
        if (Shunt.isChild()) {
            try {
                methods.handlers().forEach(method -> beans.getBean(method.bean()));
            } catch (BeansException e) {
                throw new IllegalStateException(FailureText.of(e, beans), e);
            }
        }
    }

    void ends() {
        if (running.decrementAndGet() == 0 && Shunt.isChild()) {
            beans.destroySingletons();
        }
    }
}
