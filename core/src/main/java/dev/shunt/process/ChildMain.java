package dev.shunt.process;

import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How {@code java} comes to a class that a program names as its children's main: in a module, on the class path, or in
 * the executable jar of a Spring Boot application, whose own launcher finds what is nested in it.
 *
 * @param options of the JVM
 * @param words what follows them on the command line, before the arguments
 */
record ChildMain(List<String> options, List<String> words) {

    /** From Spring Boot 3.2 on, and before. It runs any class of the jar; the jar's own launcher only one. */
    private static final List<String> SPRING_LAUNCHERS = List.of(
            "org.springframework.boot.loader.launch.PropertiesLauncher",
            "org.springframework.boot.loader.PropertiesLauncher");

    private static final String SPRING_CLASSES = "BOOT-INF/classes";

    /** @throws IllegalStateException if a JVM of its own would not find the class; says why and what to do */
    static ChildMain of(Class<?> main) {
        var module = main.getModule();
        if (module.isNamed()) {
            return new ChildMain(List.of(), List.of("-m", module.getName() + '/' + main.getName()));
        }
        String file = main.getName().replace('.', '/') + ".class";
        if (ClassLoader.getSystemClassLoader().getResource(file) != null) {
            return onClassPath(main.getName(), List.of());
        }
        var loader = main.getClassLoader();
        var location = loader == null ? null : loader.getResource(file);
        return springLauncher(location)
                .map(launcher -> onClassPath(launcher, List.of("-Dloader.main=" + main.getName())))
                .orElseThrow(() -> notFound(main, location));
    }

    /** A class of the class path, of that name. */
    static ChildMain onClassPath(String main, List<String> more) {
        return new ChildMain(
                Stream.concat(Stream.of("--class-path=" + classPath()), more.stream())
                        .toList(),
                List.of(main));
    }

    private static String classPath() {
        return System.getProperty("java.class.path", "");
    }

    private static Optional<String> springLauncher(@Nullable URL location) {
        return location == null || !location.toString().contains(SPRING_CLASSES)
                ? Optional.empty()
                : SPRING_LAUNCHERS.stream().filter(ChildMain::isOnClassPath).findFirst();
    }

    private static boolean isOnClassPath(String name) {
        return ClassLoader.getSystemClassLoader().getResource(name.replace('.', '/') + ".class") != null;
    }

    private static IllegalStateException notFound(Class<?> main, @Nullable URL location) {
        return new IllegalStateException("childMain " + main.getName() + " cannot be the main of a child: it is "
                + (location == null ? "made in memory" : "at " + location) + ", where " + main.getClassLoader()
                + " has found it, and a JVM of its own looks at the class path, which is '" + classPath()
                + "'; put the class, and Shunt, in a jar of the class path, leave childMain out if main may run"
                + " again, or say inProcess(true)");
    }
}
