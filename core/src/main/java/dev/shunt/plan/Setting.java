package dev.shunt.plan;

/** Numbers that a program gives, by the name of the setting they are given to. */
public final class Setting {

    private Setting() {}

    /**
     * The value, if it is not below the least.
     *
     * @param otherwise what to do instead, such as "0 means never"
     * @throws IllegalArgumentException if it is; names the setting, the value and what to do instead
     */
    public static int atLeast(int least, String name, int value, String otherwise) {
        if (value < least) {
            throw new IllegalArgumentException(
                    name + "(" + value + "): at least " + least + " is needed; " + otherwise);
        }
        return value;
    }
}
