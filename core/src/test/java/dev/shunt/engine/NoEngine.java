package dev.shunt.engine;

import java.lang.reflect.Proxy;

/** For slots whose handlers ask nothing of their engine. */
final class NoEngine {

    private NoEngine() {}

    static Engine create() {
        return (Engine)
                Proxy.newProxyInstance(Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (_, method, _) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
