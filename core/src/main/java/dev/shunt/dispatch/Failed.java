package dev.shunt.dispatch;

/**
 * An attempt failed.
 *
 * @param isFinal there shall be no other, whatever the task's policy is
 * @param retryAfterNanos before the next attempt; negative for the back-off of the policy
 */
public record Failed(boolean isFinal, long retryAfterNanos) {

    public static final Failed BY_POLICY = new Failed(false, -1);

    public static final Failed FOR_GOOD = new Failed(true, -1);
}
