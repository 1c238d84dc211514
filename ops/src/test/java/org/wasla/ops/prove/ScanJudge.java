package org.wasla.ops.prove;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.imaging.Instance;
import org.wasla.gateway.imaging.InstanceIndex;
import org.wasla.gateway.imaging.Sender;

/**
 * Opens what a cut or a bad disk has left, as the next start of a box does, and judges: every acknowledged object is there and
 * whole, its record is told at least once, and nothing is shown that is not whole. Adds up over several. One thread.
 */
final class ScanJudge {
    private static final Pattern UID = Pattern.compile("\"inst\":\\{\"uid\":\"([^\"]+)\"");
    private static final long PATIENCE_S = 20;
    private final List<String> faults = new ArrayList<>();
    private int acknowledged;
    private int held;
    private int records;
    private int again;

    /** @param untilNs what was acknowledged later is not asked for */
    void judge(Path root, List<Modality.Acknowledged> all, long untilNs, String what) throws InterruptedException {
        Set<String> expected = new TreeSet<>();
        all.stream().filter(each -> each.atNs() <= untilNs).forEach(each -> expected.add(each.uid()));
        acknowledged += expected.size();
        try (ScanBox box = ScanBox.open(root)) {
            Set<String> found = objects(ScanBox.store(root), what);
            missing(expected, found, what + ": objects lost");
            List<String> told = told(box, expected);
            missing(expected, new TreeSet<>(told), what + ": records lost");
            records += told.size();
            again += told.size() - new TreeSet<>(told).size();
        } catch (IOException cannotOpen) {
            faults.add(what + ": does not open: " + cannotOpen.getMessage());
        }
    }

    private void missing(Set<String> expected, Set<String> found, String what) {
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(found);
        if (!missing.isEmpty()) {
            faults.add(what + ": " + missing.size() + " of " + expected.size() + ", first "
                    + missing.iterator().next());
        }
    }

    private Set<String> objects(Path store, String what) throws IOException {
        List<Instance> instances = new ArrayList<>();
        InstanceIndex.visit(store, new InstanceIndex.Visitor() {
            @Override
            public void instance(Instance instance) {
                instances.add(instance);
            }

            @Override
            public void reading(InstanceIndex.Reading reading) {
                // the buffer shows what was told
            }

            @Override
            public void closed(String study) {
                // the buffer shows what was told
            }
        });
        Set<String> found = new TreeSet<>();
        for (Instance instance : instances) {
            held++;
            Path file = store.resolve(instance.file());
            if (!Files.exists(file) || !Arrays.equals(data(file), Modality.data(Modality.number(instance.uid())))) {
                faults.add(what + ": not whole: " + file.getFileName());
            } else if (!found.add(instance.uid())) {
                faults.add(what + ": twice: " + instance.uid());
            }
        }
        return found;
    }

    private static byte[] data(Path file) throws IOException {
        FileHead head = Objects.requireNonNull(Sender.head(file));
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(head.bytes());
            return in.readAllBytes();
        }
    }

    /** The objects of all records, in their order; waits until those expected are there. */
    private static List<String> told(ScanBox box, Set<String> expected) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        List<String> told = uids(box.records());
        while (!told.containsAll(expected) && System.nanoTime() - endNs < 0) {
            Pace.ms(20);
            told = uids(box.records());
        }
        return told;
    }

    /** How many records of objects a box has told. */
    static int count(ScanBox box) {
        try {
            return uids(box.records()).size();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> uids(List<String> records) {
        List<String> uids = new ArrayList<>();
        for (String record : records) {
            Matcher uid = UID.matcher(record);
            if (uid.find()) {
                uids.add(uid.group(1));
            }
        }
        return uids;
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    int acknowledged() {
        return acknowledged;
    }

    /** Acknowledged, there, records, records that came again, faults; for a row of a table. */
    Object[] row(String name) {
        return new Object[] {name, acknowledged, held, records, again, faults.size()};
    }

    static final String[] COLUMNS = {"what", "acknowledged", "held", "records", "of them again", "faults"};
}
