package org.wasla.gateway.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The board's own files tell a failing card or supply long before records are lost. */
class BoxLookTest {
    private static final long NOW_MS = 1_781_596_804_105L;

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void board() throws Exception {
        root = folder.resolve("board");
        write("proc/mounts", "/dev/root / ext4 rw,noatime 0 0\nproc /proc proc rw 0 0\n");
        write("proc/meminfo", "MemTotal:  948304 kB\nMemAvailable:     600000 kB\n");
        write("sys/fs/ext4/mmcblk0p2/errors_count", "0\n");
        write("sys/block/mmcblk0/device/life_time", "0x01 0x01\n");
        write("sys/devices/platform/soc/soc:firmware/get_throttled", "0\n");
    }

    private void write(String file, String text) throws Exception {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private List<Advice> look() {
        return BoxLook.at(root, folder.resolve("not/there/yet"), NOW_MS);
    }

    @Test
    void aHealthyBoardHasNothing() {
        assertEquals(List.of(), look());
    }

    @Test
    void aBoardWithoutTheseFilesHasNothingEither() {
        assertEquals(List.of(), BoxLook.at(folder.resolve("none"), folder, NOW_MS));
    }

    @Test
    void theMountNextAboveTheBufferCounts() throws Exception {
        write("proc/mounts", "/dev/a / ext4 rw 0 0\n/dev/b " + folder + " ext4 ro,noatime 0 0\n");
        assertEquals(List.of(Advice.wrong("disk.read-only", folder.toString())), look());
        write("proc/mounts", "/dev/a / ext4 ro 0 0\n/dev/b " + folder + " ext4 rw,errors=remount-ro 0 0\n");
        assertEquals(List.of(), look());
    }

    @Test
    void kernelCardSupplyAndMemoryAreHeard() throws Exception {
        write("sys/fs/ext4/mmcblk0p2/errors_count", "3\n");
        write("sys/block/mmcblk0/device/life_time", "0x02 0x0b\n");
        write("sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n");
        write("proc/meminfo", "MemAvailable:      40000 kB\n");
        assertEquals(
                List.of(
                        Advice.wrong("disk.errors", "mmcblk0p2", "3"),
                        Advice.note("disk.worn", "mmcblk0"),
                        Advice.note("box.memory", "39"),
                        Advice.wrong("box.supply")),
                look());
    }

    @Test
    void aClockThatStandsAtTheBeginningIsTold() {
        assertEquals(List.of(Advice.wrong("clock.old")), BoxLook.at(root, folder, 86_400_000L));
    }
}
