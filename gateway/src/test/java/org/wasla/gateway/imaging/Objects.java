package org.wasla.gateway.imaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Uids;

/** Objects that tests make and look for. Stateless. */
final class Objects {
    static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    private Objects() {}

    /** Bytes that are no data set: receiving must not care. */
    static byte[] noise(int bytes, long seed) {
        byte[] noise = new byte[bytes];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    static Path file(Path dir, String uid, byte[] data) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(FileHead.write(CT, uid, Uids.EXPLICIT_LITTLE, ""));
        file.writeBytes(data);
        return Files.write(dir.resolve(uid + ".src"), file.toByteArray());
    }

    /** A data set with patient-less study, series and instance, explicit little endian. */
    static byte[] dataSet(String uid, String study, String series, int pixelBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        element(out, 0x0008, 0x0016, "UI", CT);
        element(out, 0x0008, 0x0018, "UI", uid);
        element(out, 0x0020, 0x000d, "UI", study);
        element(out, 0x0020, 0x000e, "UI", series);
        out.writeBytes(new byte[] {(byte) 0xe0, 0x7f, 0x10, 0, 'O', 'W', 0, 0});
        for (int i = 0; i < 4; i++) {
            out.write(pixelBytes >> 8 * i);
        }
        out.writeBytes(new byte[pixelBytes]);
        return out.toByteArray();
    }

    private static void element(ByteArrayOutputStream out, int group, int number, String vr, String text) {
        String even = text.length() % 2 == 0 ? text : text + "\0";
        out.writeBytes(new byte[] {
            (byte) group,
            (byte) (group >> 8),
            (byte) number,
            (byte) (number >> 8),
            (byte) vr.charAt(0),
            (byte) vr.charAt(1),
            (byte) even.length(),
            0
        });
        out.writeBytes(even.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    static byte[] data(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        FileHead head = java.util.Objects.requireNonNull(Sender.head(file), "no DICOM file: " + file);
        return java.util.Arrays.copyOfRange(all, head.bytes(), all.length);
    }

    /** What the index tells: instances by number. */
    static Map<Integer, Instance> listed(Path dir) throws IOException {
        Map<Integer, Instance> all = new TreeMap<>();
        InstanceIndex.visit(dir, new InstanceIndex.Visitor() {
            @Override
            public void instance(Instance instance) {
                all.put(instance.number(), instance);
            }

            @Override
            public void reading(InstanceIndex.Reading reading) {
                // only the objects count here
            }

            @Override
            public void closed(String study) {
                // only the objects count here
            }
        });
        return all;
    }

    /** Files of a store that are not empty, by ending. */
    static List<Path> files(Path dir, String suffix) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(dir.resolve("objects"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (file.toString().endsWith(suffix) && Files.size(file) > 0) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("not within 30 s: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
