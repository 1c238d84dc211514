package org.wasla.ops.prove;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code ops/prove/disk}: a disk that is full, slow, or read-only. No box dies, what cannot be kept is refused, and
 * when the disk is well again all goes on with the same buffer. The control acknowledges before the commit.
 */
final class DiskProof {
    private static final long DISK_BYTES = 64L << 20;
    private static final int FLUSH_MS = 300;
    private static final long PATIENCE_MS = 60_000;
    private final Workbench bench;
    private final Report report;
    private final String mode;

    DiskProof(Workbench bench, Report report, String mode) {
        this.bench = bench;
        this.report = report;
        this.mode = mode;
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        Report report = new Report("disk", options);
        String missing =
                Workbench.missing("mosquitto", "mkfs.ext4", "losetup", "nbdkit", "nbdfuse", "fusermount3", "e2fsck");
        if (!missing.isEmpty()) {
            System.exit(report.skip(missing));
        }
        String[] columns = {
            "disk",
            "accepted",
            "refused",
            "in ledger or store",
            "lost",
            "holes",
            "other faults",
            "declared in gaps",
            "epochs"
        };
        report.head(columns);
        try (Workbench bench = new Workbench("disk")) {
            DiskProof proof = new DiskProof(bench, report, options.isControl() ? "early" : "honest");
            proof.readOnly();
            if (!options.isControl()) {
                // A full disk is refused before a record gets its number: there is nothing to acknowledge too early.
                proof.full();
                proof.slow();
            }
        }
        System.exit(report.end());
    }

    /** Somebody else takes all the room for a while; the uplink is down, so that nothing leaves. */
    void full() throws IOException, InterruptedException {
        bench.progress("full");
        Path image = bench.path("full.img");
        LoopDisk.format(image, DISK_BYTES);
        try (LoopDisk disk = LoopDisk.mount(image, bench.path("full"));
                Rig rig = new Rig(bench, disk.path(), mode, Map.of());
                Child child = rig.startAppender(5)) {
            rig.startAgent();
            rig.wire.down();
            Path ballast = disk.path().resolve("ballast");
            fill(ballast);
            wait("the full disk's first refusal", () -> child.refused() > 0);
            Pace.ms(5_000);
            boolean alive = alive(rig, child);
            Files.delete(ballast);
            int before = child.accepted();
            wait("records after there is room again", () -> child.accepted() > before + 100);
            rig.wire.up();
            alive &= alive(rig, child);
            rig.tell(child.finish());
            rig.settle();
            tell("full", rig, child.refused(), alive);
            disk.unmount();
        }
    }

    /** All of it but nothing for us: written until the disk says no. */
    private static void fill(Path ballast) throws IOException {
        byte[] block = new byte[1 << 16];
        try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
            int bytes = block.length;
            while (bytes > 0) {
                try {
                    file.write(block, 0, bytes);
                } catch (IOException full) {
                    bytes = bytes > 4_096 ? 4_096 : 0;
                }
            }
        }
    }

    /**
     * The kernel makes the file system read-only, as after an error of the card. It stays so until it is repaired;
     * then both boxes start again.
     */
    void readOnly() throws IOException, InterruptedException {
        bench.progress("read-only");
        Path image = bench.path("ro.img");
        LoopDisk.format(image, DISK_BYTES);
        try (LoopDisk disk = LoopDisk.mount(image, bench.path("ro"), "errors=remount-ro");
                Rig rig = new Rig(bench, disk.path(), mode, Map.of())) {
            boolean alive;
            int refused;
            try (Child child = rig.startAppender(5)) {
                rig.startAgent();
                // Linux answers a sync that straddles the error with success: README, "disk". Nothing of it may leave.
                rig.wire.down();
                Pace.ms(500);
                long brokenNs = disk.breakDown();
                wait("the read-only disk's first refusal", () -> child.refused() > 0);
                Pace.ms(5_000);
                alive = alive(rig, child);
                rig.tell(child.kill(), brokenNs);
                refused = child.refused();
                rig.killAgent();
            }
            disk.unmount();
            LoopDisk.check(image);
            disk.mount();
            rig.wire.up();
            rig.startAgent();
            rig.settle();
            tell("read-only, repaired", rig, refused, alive);
            disk.unmount();
        }
    }

    /** Every flush takes as long as on a worn card. */
    private void slow() throws IOException, InterruptedException {
        bench.progress("slow");
        Path image = bench.path("slow.img");
        LoopDisk.format(image, DISK_BYTES);
        Path plugin = Tool.ROOT.resolve("ops/prove/blocklog.py");
        List<String> nbdkit = List.of("python", plugin.toString(), "image=" + image, "flush-ms=" + FLUSH_MS);
        try (LoggedDisk disk = new LoggedDisk(bench.path(""), nbdkit);
                Rig rig = new Rig(bench, disk.path(), mode, Map.of());
                Child child = rig.startAppender(5)) {
            rig.startAgent();
            Pace.ms(20_000);
            boolean alive = alive(rig, child);
            rig.tell(child.finish());
            rig.settle();
            tell("slow, " + FLUSH_MS + " ms a flush", rig, child.refused(), alive);
            disk.finish();
        }
    }

    private static boolean alive(Rig rig, Child child) {
        return child.isAlive() && (!rig.hasAgent() || rig.ward().isAgentAlive());
    }

    private interface Condition {
        boolean holds();
    }

    private void wait(String what, Condition condition) {
        long endNs = System.nanoTime() + PATIENCE_MS * 1_000_000L;
        while (!condition.holds() && System.nanoTime() - endNs < 0) {
            Pace.ms(20);
        }
        report.must(condition.holds(), what);
    }

    private void tell(String name, Rig rig, int refused, boolean alive) {
        Verdict verdict = rig.judge.verdict();
        report.row(
                name,
                verdict.accepted(),
                refused,
                verdict.present(),
                verdict.lost(),
                verdict.holes().size(),
                verdict.faultCount(),
                verdict.declared(),
                rig.judge.epochs(Appender.GATEWAY) + rig.judge.epochs(Ward.GATEWAY));
        report.text(name + ", the last refusal: " + (refused > 0 ? rig.lastRefusal() : "none"));
        report.judge(verdict, name + ": every accepted record is in ledger or store, or declared");
        if (rig.hasAgent()) {
            report.must(alive, name + ": neither agent nor appender died");
            report.must(rig.judge.epochs(Ward.GATEWAY) == 1, name + ": the agent has kept its buffer");
            report.must(rig.judge.epochs(Appender.GATEWAY) == 1, name + ": the appender has kept its buffer");
        }
    }
}
