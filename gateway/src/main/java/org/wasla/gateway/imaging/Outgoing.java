package org.wasla.gateway.imaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Deidentifier;
import org.wasla.gateway.dicom.FileHead;

/**
 * An object as one destination gets it: as it is stored, or without whose it is. Immutable.
 *
 * @param head of the stored file
 * @param names null when it goes as it is
 */
record Outgoing(Path file, FileHead head, Deidentifier.@Nullable Names names) {
    private static final String STORAGE = "1.2.840.10008.5.1.4.1.1.";
    private static final int MODALITY = 0x0008_0060;
    private static final int BURNED_IN = 0x0028_0301;
    private static final int FACES = 0x0028_0302;
    private static final int BLOCK_BYTES = 64 << 10;

    /** What the receiver is told of it. */
    FileHead told() {
        return names == null
                ? head
                : new FileHead(
                        head.sopClass(),
                        Deidentifier.uid(head.instance(), names),
                        Deidentifier.transferSyntax(head.transferSyntax()),
                        "",
                        head.bytes());
    }

    /** Writes the data set. */
    void write(OutputStream out) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(head.bytes());
            if (names != null) {
                Deidentifier.write(in, Files.size(file) - head.bytes(), head.transferSyntax(), names, out);
                return;
            }
            byte[] block = new byte[BLOCK_BYTES];
            int read = in.read(block);
            while (read >= 0) {
                out.write(block, 0, read);
                read = in.read(block);
            }
        }
    }

    /** What decides where it goes. */
    DataSet facts() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return DataSetFile.read(in, Files.size(file), "").data();
        }
    }

    static String modality(DataSet facts) {
        String modality = facts.text(MODALITY);
        return modality == null ? "" : modality;
    }

    /**
     * Whether its pixels, or what it encloses, may show whose it is: it says so, or it is of a kind that often does and
     * does not say that it does not (PS3.15 section E.3.1).
     */
    boolean mayShowIdentity(DataSet facts) {
        String said = facts.text(BURNED_IN);
        String sopClass = head.sopClass();
        String kind = sopClass.startsWith(STORAGE) ? sopClass.substring(STORAGE.length()) : "";
        // Secondary capture, encapsulated documents, raw data, and classes that only their maker knows.
        boolean isOpaque = kind.isEmpty()
                || kind.equals("7")
                || kind.startsWith("7.")
                || kind.startsWith("104.")
                || kind.equals("66");
        // Ultrasound, and photographs by visible light.
        boolean isOften = kind.equals("3.1")
                || kind.startsWith("6.")
                || kind.equals("3")
                || kind.equals("6")
                || kind.startsWith("77.1.");
        return isOpaque || "YES".equals(said) || "YES".equals(facts.text(FACES)) || isOften && !"NO".equals(said);
    }
}
