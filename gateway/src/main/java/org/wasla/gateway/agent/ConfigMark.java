package org.wasla.gateway.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.files.Durable;

/**
 * Whether the configuration file is the one of the start before, by its hash: an edit between two starts is an event of the
 * audit, {@code config-file} with {@code before} and {@code after}. Nothing of what it says is told. Immutable.
 *
 * <p>The hash of the last start stands in {@code trust/config-file} of the buffer. Where it is missing only {@code after} is
 * told, so that taking it away tells something too.
 */
public final class ConfigMark {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigMark.class);
    private static final String EVENT = "config-file";
    private static final String HASH = "[0-9a-f]{64}|unreadable";
    private static final int MARK_BYTES_MAX = 100;
    private final String hash;

    private ConfigMark(String hash) {
        this.hash = hash;
    }

    /** Of the file as it is now: before it is read, so that an edit in between is told by the next start. */
    public static ConfigMark of(Path file) {
        try {
            return new ConfigMark(DesiredReader.sha256(Files.readAllBytes(file)));
        } catch (IOException gone) {
            return new ConfigMark("unreadable");
        }
    }

    /** Tells the audit when it is another one, and is the last one from then on. A power cut in between tells it twice. */
    void tell(Path buffer, Auditor auditor) {
        Path mark = buffer.resolve("trust").resolve("config-file");
        String before = read(mark);
        if (before.equals(hash)) {
            return;
        }
        Map<String, String> fields = new HashMap<>(Map.of("after", hash));
        if (!before.isEmpty()) {
            fields.put("before", before);
        }
        auditor.note(EVENT, fields);
        try {
            Durable.write(mark, (hash + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException notKept) {
            LOG.warn("configuration not marked cause=\"{}\"", notKept.getMessage());
        }
    }

    private static String read(Path mark) {
        try {
            String text = Files.size(mark) > MARK_BYTES_MAX
                    ? ""
                    : Files.readString(mark).strip();
            return text.matches(HASH) ? text : "";
        } catch (IOException none) {
            return "";
        }
    }
}
