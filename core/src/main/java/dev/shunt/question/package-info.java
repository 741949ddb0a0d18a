/**
 * What any process asks of the manager about what all of them share. An answer's type is its question's; how both look
 * between processes is a line of {@code ipc.QuestionTypes}.
 */
@NullMarked
package dev.shunt.question;

import org.jspecify.annotations.NullMarked;
