package org.wasla.ops.prove;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * {@code ops/prove/scans}: an image that was acknowledged to a scanner is there and whole, and its record is told, whatever
 * the disk does: cut off with torn and reordered writes, full, without a name left to give, read-only, slow. The control of the
 * cuts is the same under libeatmydata, where a sync does nothing.
 */
final class ScanProof {
    private static final long DISK_BYTES = 96L << 20;
    private static final int IMAGES_A_RUN = 50;
    private static final long LIFE_MS = 3_000;
    private static final int FLUSH_MS = 300;
    private static final int INODES = 128;
    private static final int MORE = 20;
    private static final long PATIENCE_S = 30;
    private final Workbench bench;
    private final Report report;
    private final Random random;
    private final boolean isControl;
    private final Map<String, String> environment;

    ScanProof(Workbench bench, Report report, long seed, Map<String, String> environment) {
        this.bench = bench;
        this.report = report;
        this.random = new Random(seed);
        this.isControl = !environment.isEmpty();
        this.environment = environment;
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "--images", "--seed");
        Report report = new Report("scans", options);
        String missing = Workbench.missing("mkfs.ext4", "losetup", "nbdkit", "nbdfuse", "fusermount3", "e2fsck");
        Path eatmydata = Shell.library("libeatmydata.so").orElse(null);
        if (missing.isEmpty() && options.isControl() && eatmydata == null) {
            missing = "libeatmydata1 is not installed";
        }
        if (!missing.isEmpty()) {
            System.exit(report.skip(missing));
        }
        Map<String, String> environment =
                options.isControl() && eatmydata != null ? Map.of("LD_PRELOAD", eatmydata.toString()) : Map.of();
        report.head(ScanJudge.COLUMNS);
        try (Workbench bench = new Workbench("scans")) {
            ScanProof proof = new ScanProof(bench, report, options.number("--seed", 42), environment);
            proof.cuts(options.number("--images", options.isControl() ? 5 : 200), LIFE_MS);
            if (!options.isControl()) {
                proof.full();
                proof.nameless();
                proof.readOnly();
                proof.slow();
            }
        }
        System.exit(report.end());
    }

    /**
     * A few runs are recorded, and each is cut at many points.
     *
     * @param lifeMs how long the box lives before it is killed, and again before it ends in order
     */
    void cuts(int images, long lifeMs) throws IOException, InterruptedException {
        ScanJudge judge = new ScanJudge();
        int done = 0;
        while (done < images) {
            Path empty = bench.path("empty.img");
            LoopDisk.format(empty, DISK_BYTES);
            List<Modality.Acknowledged> acknowledged = record(empty, lifeMs);
            try (BlockLog log = new BlockLog(bench.path("block.log"), empty)) {
                int count = Math.min(IMAGES_A_RUN, images - done);
                for (int cut : points(log, count)) {
                    Path image = bench.path("image.img");
                    log.image(cut, random, image);
                    done++;
                    try (LoopDisk disk = started(image)) {
                        judge.judge(disk.path(), acknowledged, log.cutNs(cut), "image " + done);
                        disk.unmount();
                    }
                    bench.progress("image " + done);
                }
            }
        }
        tell("power cut, " + images + " images torn and reordered", judge);
    }

    /** Two lives of one box, the first killed, the second ended in order. */
    private List<Modality.Acknowledged> record(Path empty, long lifeMs) throws IOException, InterruptedException {
        Path served = bench.path("served.img");
        Shell.run("cp", "--sparse=always", empty, served);
        Path plugin = Tool.ROOT.resolve("ops/prove/blocklog.py");
        List<String> nbdkit = List.of("python", plugin.toString(), "image=" + served, "log=" + bench.path("block.log"));
        try (LoggedDisk disk = new LoggedDisk(bench.path(""), nbdkit);
                Modality modality = new Modality(bench.path("modality"))) {
            for (boolean isKilled : new boolean[] {true, false}) {
                Process box = Modality.start(disk.path(), bench.log(), environment);
                try {
                    int port = Modality.port(box);
                    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lifeMs);
                    modality.sendWhile(port, () -> System.nanoTime() - endNs < 0);
                    if (!isKilled) {
                        Modality.finish(box);
                    }
                } finally {
                    box.destroyForcibly().waitFor();
                }
            }
            disk.finish();
            return modality.acknowledged();
        } finally {
            Files.deleteIfExists(served);
        }
    }

    /** Half of them anywhere, half in the worst moment: all is written and the flush has not come. */
    private int[] points(BlockLog log, int images) {
        int[] cuts = random.ints(images, 1, log.orders() + 1).toArray();
        for (int i = 0; i < images; i += 2) {
            cuts[i] = log.beforeFlush(cuts[i]);
        }
        return Arrays.stream(cuts).sorted().toArray();
    }

    private LoopDisk started(Path image) throws IOException, InterruptedException {
        try {
            return LoopDisk.mount(image, bench.path("image"));
        } catch (IOException tornSuperblock) {
            LoopDisk.check(image);
            return LoopDisk.mount(image, bench.path("image"));
        }
    }

    /** Somebody else takes all the room for a while. */
    void full() throws IOException, InterruptedException {
        Path image = bench.path("full.img");
        LoopDisk.format(image, DISK_BYTES);
        refuses("full", image, ScanProof::fill, folder -> Files.delete(folder.resolve("ballast")));
    }

    private static void fill(Path folder) throws IOException {
        byte[] block = new byte[1 << 16];
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("ballast").toFile(), "rw")) {
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

    /** There is room, and the file system has no entry left for another file: the kernel itself says no. */
    void nameless() throws IOException, InterruptedException {
        Path image = bench.path("nameless.img");
        LoopDisk.format(image, DISK_BYTES, "-N", Integer.toString(INODES));
        refuses("no inode left", image, ScanProof::name, folder -> {
            for (Path each : named(folder)) {
                Files.delete(each);
            }
        });
    }

    private static void name(Path folder) {
        try {
            for (int i = 0; i < INODES; i++) {
                Files.createFile(folder.resolve("name-" + i));
            }
        } catch (IOException full) {
            return;
        }
        throw new IllegalStateException("the file system gives more names than it was made for");
    }

    private static List<Path> named(Path folder) throws IOException {
        List<Path> named = new ArrayList<>();
        try (java.nio.file.DirectoryStream<Path> all = Files.newDirectoryStream(folder, "name-*")) {
            all.forEach(named::add);
        }
        return named;
    }

    /** What is done to a disk. */
    private interface Deed {
        void at(Path folder) throws IOException;
    }

    /** The box says that it has no room, keeps the association, and goes on when there is room again. */
    private void refuses(String name, Path image, Deed spoil, Deed mend) throws IOException, InterruptedException {
        ScanJudge judge = new ScanJudge();
        try (LoopDisk disk = LoopDisk.mount(image, bench.path("disk"));
                Modality modality = new Modality(bench.path("modality"))) {
            Process box = Modality.start(disk.path(), bench.log(), environment);
            try {
                int port = Modality.port(box);
                long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
                int[] before = new int[1];
                boolean[] isMended = new boolean[1];
                modality.sendWhile(port, () -> {
                    int acknowledged = modality.acknowledged().size();
                    if (acknowledged == MORE && before[0] == 0) {
                        before[0] = MORE;
                        at(spoil, disk.path());
                    }
                    if (modality.refused() >= MORE && !isMended[0]) {
                        isMended[0] = true;
                        before[0] = acknowledged;
                        at(mend, disk.path());
                    }
                    return System.nanoTime() - endNs < 0 && !(isMended[0] && acknowledged >= before[0] + MORE);
                });
                report.must(isMended[0], name + ": refused on the one association");
                report.must(
                        modality.acknowledged().size() >= before[0] + MORE,
                        name + ": taken again on the same association when there is room");
                Modality.finish(box);
            } finally {
                box.destroyForcibly().waitFor();
            }
            judge.judge(disk.path(), modality.acknowledged(), Long.MAX_VALUE, name);
            disk.unmount();
        }
        tell(name, judge);
    }

    private static void at(Deed deed, Path folder) {
        try {
            deed.at(folder);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The kernel makes the file system read-only, as after an error of the card; it is repaired, and the box starts again. */
    void readOnly() throws IOException, InterruptedException {
        Path image = bench.path("ro.img");
        LoopDisk.format(image, DISK_BYTES);
        ScanJudge judge = new ScanJudge();
        try (LoopDisk disk = LoopDisk.mount(image, bench.path("disk"), "errors=remount-ro");
                Modality modality = new Modality(bench.path("modality"))) {
            Process box = Modality.start(disk.path(), bench.log(), environment);
            long[] brokenNs = {Long.MAX_VALUE};
            try {
                modality.sendWhile(Modality.port(box), () -> {
                    if (modality.acknowledged().size() >= MORE && brokenNs[0] == Long.MAX_VALUE) {
                        at(folder -> brokenNs[0] = broken(disk), disk.path());
                    }
                    return modality.refused() < MORE;
                });
                report.must(box.isAlive(), "read-only: the box lives");
            } finally {
                box.destroyForcibly().waitFor();
            }
            disk.unmount();
            LoopDisk.check(image);
            disk.mount();
            // Linux answers a sync that straddles the error with success: README, "disk".
            judge.judge(disk.path(), modality.acknowledged(), brokenNs[0], "read-only");
            disk.unmount();
        }
        tell("read-only, repaired", judge);
    }

    private static long broken(LoopDisk disk) throws IOException {
        try {
            return disk.breakDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Every flush takes as long as on a worn card. */
    void slow() throws IOException, InterruptedException {
        Path image = bench.path("slow.img");
        LoopDisk.format(image, DISK_BYTES);
        Path plugin = Tool.ROOT.resolve("ops/prove/blocklog.py");
        List<String> nbdkit = List.of("python", plugin.toString(), "image=" + image, "flush-ms=" + FLUSH_MS);
        ScanJudge judge = new ScanJudge();
        try (LoggedDisk disk = new LoggedDisk(bench.path(""), nbdkit);
                Modality modality = new Modality(bench.path("modality"))) {
            Process box = Modality.start(disk.path(), bench.log(), environment);
            try {
                modality.sendWhile(
                        Modality.port(box), () -> modality.acknowledged().size() < MORE);
                Modality.finish(box);
            } finally {
                box.destroyForcibly().waitFor();
            }
            report.must(modality.refused() == 0, "slow: nothing is refused");
            judge.judge(disk.path(), modality.acknowledged(), Long.MAX_VALUE, "slow");
            disk.finish();
        }
        tell("slow, " + FLUSH_MS + " ms a flush", judge);
    }

    private void tell(String name, ScanJudge judge) {
        report.row(judge.row(name));
        boolean holds = judge.faults().isEmpty();
        String first = holds ? "" : ": " + judge.faults().get(0);
        if (isControl) {
            report.must(!holds, "the control is red, as it must be: " + name + first);
        } else {
            report.must(holds, name + ": every acknowledged image is there, whole, and told" + first);
            report.must(judge.acknowledged() > 0, name + ": something was acknowledged");
        }
    }
}
