package org.wasla.gateway.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wasla.gateway.vault.KeySource;

/**
 * What a backup says of itself, its first entry. Immutable.
 *
 * @param made UTC, ISO 8601
 * @param epoch of the buffer, empty when there was none
 * @param secret the data key in hex, empty when the box was not encrypted
 * @param config name of the configuration, below the folder of the area {@value #CONFIG}
 * @param folders where each other area stood, absolute
 */
public record BackupNote(
        String gateway,
        String made,
        String software,
        String epoch,
        String secret,
        KeySource key,
        String config,
        Map<String, String> folders) {
    static final String AREA = "note";
    static final String CONFIG = "config";
    static final String BUFFER = "buffer";
    static final String PATIENTS = "patients";
    private static final String FIRST = "wasla-backup 1";

    public BackupNote {
        folders = Map.copyOf(folders);
    }

    String text() {
        List<String> lines = new ArrayList<>(List.of(
                FIRST,
                "gateway\t" + gateway,
                "made\t" + made,
                "software\t" + software,
                "epoch\t" + epoch,
                "secret\t" + secret,
                "key\t" + key.text(),
                "config\t" + config));
        folders.forEach((area, folder) -> lines.add("folder " + area + "\t" + folder));
        return String.join("\n", lines) + "\n";
    }

    static BackupNote of(String text) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        Map<String, String> folders = new LinkedHashMap<>();
        String[] lines = text.split("\n");
        for (String line : lines) {
            int tab = line.indexOf('\t');
            if (tab > 0 && line.startsWith("folder ")) {
                folders.put(line.substring("folder ".length(), tab), line.substring(tab + 1));
            } else if (tab > 0) {
                fields.put(line.substring(0, tab), line.substring(tab + 1));
            }
        }
        if (!lines[0].equals(FIRST)) {
            throw new IOException("this backup is of another version of wasla; restore it with the one that made it");
        }
        return new BackupNote(
                field(fields, "gateway"),
                field(fields, "made"),
                field(fields, "software"),
                field(fields, "epoch"),
                field(fields, "secret"),
                KeySource.of(field(fields, "key")).orElse(KeySource.NONE),
                field(fields, "config"),
                folders);
    }

    private static String field(Map<String, String> fields, String name) {
        return fields.getOrDefault(name, "");
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "BackupNote[" + gateway + " " + made + "]";
    }
}
