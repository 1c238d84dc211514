package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * {@code ops/prove/power}: what was acknowledged survives the plug being pulled. Two ladders: ext4 on a loop device
 * that the kernel cuts off, and every state that a reordering, tearing disk could have left. The control is the same
 * under libeatmydata, where a sync does nothing.
 */
final class PowerProof {
    private static final long IMAGE_BYTES = 256L << 20;
    private static final int CUTS_A_LIFE = 20;
    private static final int IMAGES_A_RUN = 100;
    private final Workbench bench;
    private final Options options;
    private final Report report;
    private final Random random;
    private final Map<String, String> environment;
    private int checked;
    private final Summary summary = new Summary();

    private PowerProof(Workbench bench, Options options, Report report, @Nullable Path eatmydata) {
        this.bench = bench;
        this.options = options;
        this.report = report;
        this.random = new Random(options.number("--seed", 42));
        this.environment = eatmydata == null ? Map.of() : Map.of("LD_PRELOAD", eatmydata.toString());
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "--cuts", "--images", "--seed");
        Report report = new Report("power", options);
        String missing = Workbench.missing("mkfs.ext4", "losetup", "xfs_io", "nbdkit", "nbdfuse", "fusermount3");
        Path eatmydata = Shell.library("libeatmydata.so").orElse(null);
        if (missing.isEmpty() && options.isControl() && eatmydata == null) {
            missing = "libeatmydata1 is not installed";
        }
        if (!missing.isEmpty()) {
            System.exit(report.skip(missing));
        }
        try (Workbench bench = new Workbench("power")) {
            new PowerProof(bench, options, report, options.isControl() ? eatmydata : null).run();
        }
        System.exit(report.end());
    }

    private void run() throws IOException, InterruptedException {
        report.head(Summary.COLUMNS);
        int cuts = options.number("--cuts", options.isControl() ? 10 : 200);
        if (cuts > 0) {
            cutDisks(cuts);
        }
        int images = options.number("--images", options.isControl() ? 40 : 500);
        if (images > 0) {
            replayDisks(images);
        }
    }

    /** Ladder 2. A life: one disk, cut many times, each time taken up again where it was. */
    private void cutDisks(int cuts) throws IOException, InterruptedException {
        for (int cut = 0; cut < cuts; ) {
            Path image = bench.path("cut.img");
            LoopDisk.format(image, IMAGE_BYTES);
            Judge judge = new Judge();
            try (LoopDisk disk = LoopDisk.mount(image, bench.path("cut"))) {
                int end = Math.min(cuts, cut + CUTS_A_LIFE);
                boolean isWhole = true;
                for (; cut < end && isWhole; cut++) {
                    isWhole = cutDisk(disk, judge);
                    bench.progress("cut " + (cut + 1) + " of " + cuts);
                }
            }
            summary.add(judge.verdict());
        }
        report.row(summary.row("ext4 cut by shutdown"));
        report.judge(summary.take(), "nothing acknowledged is lost over " + cuts + " cuts");
    }

    /** False when this disk is of no more use. */
    private boolean cutDisk(LoopDisk disk, Judge judge) throws IOException, InterruptedException {
        Path dir = disk.path().resolve("buffer");
        List<Child.Told> told;
        long cutNs;
        try (Child child = Child.start(bench.log(), environment, dir, "honest", 0, 0)) {
            if (!child.awaitAccepted(20)) {
                judge.fault("the appender does not start again");
                return false;
            }
            disk.sharpen();
            Pace.ms(random.nextInt(1_200));
            cutNs = disk.cut();
            told = child.kill();
        }
        disk.unmount();
        disk.mount();
        // Linux answers a sync that straddles the cut with success: README, "power". What was published until the disk
        // was really gone is with the platform, and its marks may be on the disk.
        tell(judge, told, cutNs, Long.MAX_VALUE);
        summary.opened(Reader.read(Appender.GATEWAY, dir, judge, true));
        return judge.verdict().holds();
    }

    private static void tell(Judge judge, List<Child.Told> told, long acceptedUntilNs, long publishedUntilNs) {
        for (Child.Told line : told) {
            if (line.isAccepted() && line.atNs() <= acceptedUntilNs) {
                judge.accepted(line.stream(), line.seq(), line.print());
            } else if (!line.isAccepted() && line.atNs() <= publishedUntilNs) {
                judge.delivered(line.stream(), line.seq(), line.print());
            }
        }
    }

    /** Ladder 3. A few runs are recorded, and each is cut at many points. */
    private void replayDisks(int images) throws IOException, InterruptedException {
        long orders = 0;
        long lostSectors = 0;
        for (int done = 0; done < images; done += IMAGES_A_RUN) {
            Path empty = bench.path("empty.img");
            LoopDisk.format(empty, IMAGE_BYTES);
            List<Child.Told> told = record(empty);
            try (BlockLog log = new BlockLog(bench.path("block.log"), empty)) {
                orders += log.orders();
                lostSectors += replay(log, told, Math.min(IMAGES_A_RUN, images - done), done);
            }
        }
        report.row(summary.row("block log, torn and reordered"));
        report.text("block log: " + orders + " orders to the disk, " + lostSectors + " sectors of " + images
                + " images left out; " + checked + " file systems had to be checked before they mounted");
        report.judge(summary.take(), "nothing acknowledged is lost over " + images + " images");
    }

    /** Two lives of one buffer, the first killed, the second ended cleanly: cuts hit recovery and closing too. */
    private List<Child.Told> record(Path empty) throws IOException, InterruptedException {
        Path served = bench.path("served.img");
        Shell.run("cp", "--sparse=always", empty, served);
        Path plugin = Tool.ROOT.resolve("ops/prove/blocklog.py");
        List<String> nbdkit = List.of("python", plugin.toString(), "image=" + served, "log=" + bench.path("block.log"));
        List<Child.Told> told = new ArrayList<>();
        try (LoggedDisk disk = new LoggedDisk(bench.path(""), nbdkit)) {
            Path dir = disk.path().resolve("buffer");
            try (Child child = Child.start(bench.log(), environment, dir, "honest", 0, 0)) {
                child.awaitAccepted(20);
                Pace.ms(5_000);
                told.addAll(child.kill());
            }
            try (Child child = Child.start(bench.log(), environment, dir, "honest", 0, 0)) {
                child.awaitAccepted(20);
                Pace.ms(5_000);
                told.addAll(child.finish());
            }
            disk.finish();
        }
        Files.delete(served);
        return told;
    }

    /** Half of them anywhere, half in the worst moment: all is written and the flush has not come. */
    private int[] cuts(BlockLog log, int images) {
        int[] cuts = random.ints(images, 1, log.orders() + 1).toArray();
        for (int i = 0; i < images; i += 2) {
            cuts[i] = log.beforeFlush(cuts[i]);
        }
        return Arrays.stream(cuts).sorted().toArray();
    }

    /** As a start of the system does it: what does not mount is checked first. */
    private LoopDisk started(Path image) throws IOException, InterruptedException {
        try {
            return LoopDisk.mount(image, bench.path("image"));
        } catch (IOException tornSuperblock) {
            checked++;
            LoopDisk.check(image);
            return LoopDisk.mount(image, bench.path("image"));
        }
    }

    private long replay(BlockLog log, List<Child.Told> told, int images, int done)
            throws IOException, InterruptedException {
        int[] cuts = cuts(log, images);
        long lostSectors = 0;
        for (int cut : cuts) {
            Path image = bench.path("image.img");
            lostSectors += log.image(cut, random, image);
            Judge judge = new Judge();
            tell(judge, told, log.cutNs(cut), log.cutNs(cut));
            try (LoopDisk disk = started(image)) {
                summary.opened(Reader.read(Appender.GATEWAY, disk.path().resolve("buffer"), judge, false));
                disk.unmount();
            }
            summary.add(judge.verdict());
            done++;
            bench.progress("image " + done);
        }
        return lostSectors;
    }
}
