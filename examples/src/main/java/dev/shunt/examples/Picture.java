package dev.shunt.examples;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import javax.imageio.ImageIO;

/**
 * A picture that takes about three seconds: a place in the Mandelbrot set that depends on a text.
 */
public final class Picture {

    private static final int WIDTH = 320;
    private static final int HEIGHT = 240;
    private static final int DEPTH = 400;
    private static final int PARTS = 20;
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private Picture() {}

    /**
     * @param percent told how far it is, now and then
     * @throws InterruptedException if the thread is interrupted meanwhile; then there is no file
     */
    public static void of(String what, Path file, IntConsumer percent)
            throws IOException, InterruptedException {
        System.setProperty("java.awt.headless", "true");
        var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        double angle = (what.hashCode() & 0xffff) * 2 * Math.PI / 0x10000;
        double x = -0.25 + 0.5 * Math.cos(angle);
        double y = 0.65 * Math.sin(angle);
        for (int row = 0; row < HEIGHT; row++) {
            for (int column = 0; column < WIDTH; column++) {
                image.setRGB(
                        column,
                        row,
                        color(
                                x + (column - WIDTH / 2.0) / WIDTH,
                                y + (row - HEIGHT / 2.0) / WIDTH));
            }
            if (row % (HEIGHT / PARTS) == 0) {
                LockSupport.parkNanos(REST_NANOS);
                if (Thread.interrupted()) {
                    throw new InterruptedException("the picture of " + what + " is not wanted");
                }
                percent.accept(row * 100 / HEIGHT);
            }
        }
        var unfinished = Files.createTempFile(file.toAbsolutePath().getParent(), "picture-", "");
        ImageIO.write(image, "png", unfinished.toFile());
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static int color(double x, double y) {
        double a = 0;
        double b = 0;
        int steps = 0;
        while (a * a + b * b < 4 && steps < DEPTH) {
            double next = a * a - b * b + x;
            b = 2 * a * b + y;
            a = next;
            steps++;
        }
        return steps == DEPTH ? 0 : Color.HSBtoRGB(steps * 0.02f, 0.8f, 1);
    }
}
