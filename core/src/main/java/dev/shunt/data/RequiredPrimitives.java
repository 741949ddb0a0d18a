package dev.shunt.data;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.module.SimpleModule;

/**
 * A number or boolean that a record must have, and that the JSON does not say, is an error that names it. Jackson's default,
 * 0 or false, cannot be told from what somebody meant. An object that is not said stays null.
 */
final class RequiredPrimitives extends SimpleModule {

    private static final long serialVersionUID = 1L;

    RequiredPrimitives() {
        super(RequiredPrimitives.class.getName());
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.appendAnnotationIntrospector(new OfConstructors()); // after all others: annotations say otherwise
    }

    private static final class OfConstructors extends NopAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            return (member instanceof AnnotatedParameter parameter
                            && parameter.getRawType().isPrimitive())
                    ? Boolean.TRUE
                    : null;
        }
    }
}
