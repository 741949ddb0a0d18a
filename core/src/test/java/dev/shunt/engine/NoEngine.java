package dev.shunt.engine;

import java.lang.reflect.Proxy;

/** For slots whose handlers ask nothing of their engine. */
public final class NoEngine {

    private NoEngine() {}

    public static Engine create() {
        return (Engine)
                Proxy.newProxyInstance(Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (_, method, _) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
