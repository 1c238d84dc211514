package org.wasla.gateway.imaging;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.files.Durable;

/**
 * Names of object files: {@code objects/000012/345.dcm}, counted, never made from a UID. A name is made, empty and synced
 * with its directory, before an object needs it; so an object costs one sync, not three. Thread-safe.
 *
 * <pre>
 * .part   being received, or free      .dcm   whole
 * </pre>
 */
final class ObjectFiles {
    static final String PART = ".part";
    static final String WHOLE = ".dcm";
    private static final String FOLDER = "objects";
    private static final int PER_FOLDER = 1_000;
    private static final int AHEAD = 32;
    private static final Pattern NAME = Pattern.compile("(\\d{6})/(\\d{3})(\\.part|\\.dcm)");
    private final Path dir;
    private final Deque<Integer> free = new ArrayDeque<>();
    private int next = 1;

    ObjectFiles(Path dir) throws IOException {
        this.dir = dir;
        Files.createDirectories(dir.resolve(FOLDER));
        Durable.sync(dir);
    }

    static String name(int number, String suffix) {
        return folderName(number) + "/" + digits(number % PER_FOLDER, 3) + suffix;
    }

    private static String folderName(int number) {
        return FOLDER + "/" + digits(number / PER_FOLDER, 6);
    }

    private static String digits(int number, int count) {
        String text = Integer.toString(number);
        return "0".repeat(Math.max(0, count - text.length())) + text;
    }

    Path path(int number, String suffix) {
        return dir.resolve(name(number, suffix));
    }

    /** A file as it was found. */
    record Found(int number, boolean isWhole) {}

    /** Gives all files, of which the numbers are then used. */
    void scan(Consumer<Found> each) throws IOException {
        Path all = dir.resolve(FOLDER);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(all)) {
            for (Path folder : folders) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path file : files) {
                        Matcher name = NAME.matcher(all.relativize(file).toString());
                        if (name.matches()) {
                            int number = Integer.parseInt(name.group(1)) * PER_FOLDER + Integer.parseInt(name.group(2));
                            next = Math.max(next, number + 1);
                            each.accept(new Found(number, name.group(3).equals(WHOLE)));
                        }
                    }
                }
            }
        }
    }

    /** A number whose file is there, empty and durable. */
    synchronized int take() throws IOException {
        if (free.isEmpty()) {
            makeAhead();
        }
        return free.removeFirst();
    }

    private void makeAhead() throws IOException {
        int begun = next;
        int last = begun + AHEAD - 1;
        for (int number = begun; number <= last; number++) {
            Path folder = folder(number);
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                Durable.sync(dir.resolve(FOLDER));
            }
            Path file = path(number, PART);
            Files.deleteIfExists(file);
            Files.createFile(file);
        }
        Durable.sync(folder(begun));
        Durable.sync(folder(last));
        // Only now: where a name could not be made, all are made again the next time.
        next = last + 1;
        for (int number = begun; number <= last; number++) {
            free.addLast(number);
        }
    }

    private Path folder(int number) {
        return dir.resolve(folderName(number));
    }

    /** Of a whole object; its name may come back as it was after a power cut, and is then made again. */
    void finish(int number) throws IOException {
        Files.move(path(number, PART), path(number, WHOLE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Of a whole object. */
    void delete(int number) throws IOException {
        Files.deleteIfExists(path(number, WHOLE));
    }

    /** Numbers up to this one were used before, and are not used again. */
    synchronized void usedUpTo(int number) {
        next = Math.max(next, number + 1);
    }

    /** Nothing of it is left. */
    void drop(int number) throws IOException {
        Files.deleteIfExists(path(number, PART));
    }

    /** A name that nobody used. */
    synchronized void giveBack(int number) {
        free.addLast(number);
    }
}
