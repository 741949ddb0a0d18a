package dev.shunt.testing;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** A program with a child that outlives it: what Programs must notice. */
final class Parent {

    private Parent() {}

    /** @param args how many seconds the child lives, and whether this process {@code waits} for a signal or
     *     {@code exits} with 3 */
    static void main(String[] args) throws IOException, InterruptedException {
        var child = new ProcessBuilder("sleep", args[0]).start();
        IO.println("child " + child.pid());
        System.err.println("to the error stream");
        IO.println("listening on 127.0.0.1:4711");
        if (args[1].equals("exits")) {
            System.exit(3);
        }
        new CountDownLatch(1).await();
    }
}
