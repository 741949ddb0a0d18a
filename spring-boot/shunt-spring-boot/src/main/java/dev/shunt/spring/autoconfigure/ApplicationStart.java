package dev.shunt.spring.autoconfigure;

import dev.shunt.Shunt;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/** Tells the auto-configuration which main has started; and in a child whose start has failed its manager, which explains it. */
final class ApplicationStart implements ApplicationListener<ApplicationEvent>, Ordered {

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof ApplicationPreparedEvent prepared) {
            var beans = prepared.getApplicationContext().getBeanFactory();
            if (!beans.containsSingleton("shuntMainClass")) {
                beans.registerSingleton(
                        "shuntMainClass",
                        new MainClass(prepared.getSpringApplication().getMainApplicationClass()));
            }
        } else if (event instanceof ApplicationFailedEvent failed && Shunt.isChild()) {
            var context = failed.getApplicationContext();
            Shunt.childCannotStart("its application has not started.\n"
                    + FailureText.of(failed.getException(), context == null ? null : context.getBeanFactory()));
        }
    }

    /** A child's failure is told before others say it in their way. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
