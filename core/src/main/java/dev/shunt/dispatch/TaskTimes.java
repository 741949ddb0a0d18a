package dev.shunt.dispatch;

import org.jspecify.annotations.Nullable;

/** What time has to do with one work, in the clock's nanoseconds. Most works have none of it. */
final class TaskTimes {

    /** Of {@link Delays}: when its delay has passed, if it has one; and that it waits until it is due. */
    long dueAt;

    boolean delayed;

    /** Of {@link Overtime}: if its policy has a deadline. */
    long deadlineAt;

    /** Of {@link Overtime}: why the run under way was interrupted. */
    @Nullable EndCause endCause;

    /** Of {@link Overtime}: its handler went on for the whole grace after that. */
    boolean stuck;

    /** Of {@link Overtime}: this attempt had a slot and had not started when last looked at; since when. */
    boolean stalled;

    long stalledSince;

    /** Of {@link AlarmQueue}: how many are set. */
    int alarms;
}
