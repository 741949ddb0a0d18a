package dev.shunt.data;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * A type with its arguments, which a {@code Class} cannot say: {@code data.as(new TypeRef<List<User>>() {})}. Make a
 * subclass where it is used, with the braces: the argument is read from that.
 */
public abstract class TypeRef<T> {

    private final Type type;

    /** Throws {@link IllegalStateException} if the subclass does not say what {@code T} is. */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType said)
                || said.getRawType() != TypeRef.class) {
            throw new IllegalStateException(
                    getClass().getName() + " does not say which type; write new TypeRef<List<User>>() {}");
        }
        type = said.getActualTypeArguments()[0];
    }

    private TypeRef(Type type) {
        this.type = type;
    }

    /** For a type that reflection has told. */
    public static TypeRef<?> of(Type type) {
        return new Told(type);
    }

    private static final class Told extends TypeRef<Object> {

        Told(Type type) {
            super(type);
        }
    }

    public final Type type() {
        return type;
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
