package org.wasla.gateway.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the box itself: room on its disk and whether it can be written, what kernel and memory card say of their
 * health, memory, supply voltage, clock. What cannot be read on a board is passed over. One thread.
 */
public final class BoxLook {
    private static final long ROOM_MIN = 200L << 20;
    private static final long MEMORY_KIB_MIN = 64 << 10;
    /** A card or eMMC that has used so many tenths of its life. */
    private static final int WORN_TENTHS = 9;
    /** The clock of a board without a battery starts long before this program was written. */
    private static final long WRITTEN_MS = 1_767_225_600_000L;

    /** Under-voltage now, and since the start: bits of the Raspberry Pi's firmware. */
    private static final long LOW_VOLTAGE = 0x1_0001;

    private final Path root;
    private final List<Advice> found = new ArrayList<>();

    private BoxLook(Path root) {
        this.root = root;
    }

    /**
     * @param root where {@code proc} and {@code sys} stand, {@code /} on a box
     * @param dir folder of the buffer; it may not be there yet
     * @param nowMs UTC
     */
    public static List<Advice> at(Path root, Path dir, long nowMs) {
        BoxLook look = new BoxLook(root);
        look.disk(existing(dir));
        look.card();
        look.memory();
        look.supply();
        if (nowMs < WRITTEN_MS) {
            look.found.add(Advice.wrong("clock.old"));
        }
        return List.copyOf(look.found);
    }

    private static Path existing(Path dir) {
        Path at = dir.toAbsolutePath();
        Path parent = at.getParent();
        while (parent != null && !Files.exists(at)) {
            at = parent;
            parent = at.getParent();
        }
        return at;
    }

    private void disk(Path dir) {
        try {
            long free = Files.getFileStore(dir).getUsableSpace();
            if (isReadOnly(dir)) {
                found.add(Advice.wrong("disk.read-only", dir.toString()));
            } else if (free < ROOM_MIN) {
                found.add(Advice.wrong("disk.full", dir.toString(), String.valueOf(free >> 20)));
            }
        } catch (IOException unreadable) {
            found.add(Advice.wrong("disk.unreadable", dir.toString(), String.valueOf(unreadable.getMessage())));
        }
    }

    /** By the longest mount point above it; the last of several mounts on one point counts. */
    private boolean isReadOnly(Path dir) {
        String options = "";
        int longest = -1;
        for (String line : lines(root.resolve("proc/mounts"))) {
            String[] fields = line.split(" ");
            if (fields.length > 3 && dir.startsWith(fields[1].replace("\\040", " ")) && fields[1].length() >= longest) {
                longest = fields[1].length();
                options = fields[3];
            }
        }
        return List.of(options.split(",")).contains("ro");
    }

    private void card() {
        for (Path disk : children(root.resolve("sys/fs/ext4"))) {
            long errors = number(disk.resolve("errors_count"));
            if (errors > 0) {
                found.add(Advice.wrong("disk.errors", disk.getFileName().toString(), String.valueOf(errors)));
            }
        }
        for (Path disk : children(root.resolve("sys/block"))) {
            // Two kinds of cells, each in tenths of the life that its maker gives it.
            String used = String.join(" ", lines(disk.resolve("device/life_time")));
            for (String tenths : used.split(" ")) {
                if (tenths.matches("0x[0-9a-fA-F]{2}") && Integer.decode(tenths) > WORN_TENTHS) {
                    found.add(Advice.note("disk.worn", disk.getFileName().toString()));
                    break;
                }
            }
        }
    }

    private void memory() {
        for (String line : lines(root.resolve("proc/meminfo"))) {
            if (line.matches("MemAvailable:\\s+\\d{1,15} kB")) {
                long kib = Long.parseLong(line.replaceAll("\\D", ""));
                if (kib < MEMORY_KIB_MIN) {
                    found.add(Advice.note("box.memory", String.valueOf(kib >> 10)));
                }
            }
        }
    }

    private void supply() {
        for (String line : lines(root.resolve("sys/devices/platform/soc/soc:firmware/get_throttled"))) {
            if (line.matches("[0-9a-fA-F]{1,8}") && (Long.parseLong(line, 16) & LOW_VOLTAGE) != 0) {
                found.add(Advice.wrong("box.supply"));
            }
        }
    }

    private static long number(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() || !lines.get(0).strip().matches("\\d{1,18}")
                ? 0
                : Long.parseLong(lines.get(0).strip());
    }

    /** Nothing where it cannot be read: other boards have other files. */
    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file)
                    ? List.of(
                            Files.readString(file, StandardCharsets.ISO_8859_1).split("\n"))
                    : List.of();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            List<Path> all = new ArrayList<>();
            found.forEach(all::add);
            all.sort(null);
            return all;
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
