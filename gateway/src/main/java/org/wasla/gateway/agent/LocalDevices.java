package org.wasla.gateway.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.page.Box.NewDevice;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Section;
import org.wasla.gateway.trust.BoxKey;
import org.wasla.gateway.trust.Jws;

/**
 * Devices that were added at the box, beside those of the configuration: {@code local/devices.yaml} in the buffer's
 * folder. Its last line is a comment with a JWS of the box over the SHA-256 of what stands above it, so that a hand that
 * changed it shows. One thread.
 */
final class LocalDevices {
    private static final String SIGNED = "# signed: ";
    private static final String TYPE = "wasla-local+jws";
    private static final int BYTES_MAX = 256 << 10;
    private static final String HEAD = """
            # Devices that were added on the box's own page. The last line signs what stands above it: do not edit.
            # To change one, move all of them into the configuration and delete this file.
            devices:
            """;

    private final Path file;
    private final Path key;

    LocalDevices(Path buffer) {
        this.file = buffer.resolve("local").resolve("devices.yaml");
        this.key = Auditor.keyFile(buffer);
    }

    /** The devices as a list of a configuration; nothing when none was ever added. */
    List<Entry> read(Problems problems) {
        Optional<String> text;
        try {
            text = text();
        } catch (IOException unreadable) {
            problems.add(file.toString(), 0, "cannot be read: " + unreadable.getMessage(), "check its rights");
            return List.of();
        }
        if (text.isEmpty()) {
            return List.of();
        }
        if (!isOurs(text.get())) {
            problems.add(
                    file.toString(),
                    0,
                    "was changed by somebody else than the box: its signature does not fit",
                    "move its devices into the configuration and delete it");
            return List.of();
        }
        Section section = Section.parse(file.toString(), text.get(), problems);
        List<Entry> devices = section.list("devices");
        section.end();
        return devices;
    }

    private Optional<String> text() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (Files.size(file) > BYTES_MAX) {
            throw new IOException("it is too large");
        }
        return Optional.of(Files.readString(file));
    }

    private boolean isOurs(String text) {
        int at = text.lastIndexOf(SIGNED);
        try {
            Optional<BoxKey> box = BoxKey.read(key);
            Jws jws =
                    Jws.parse(at < 0 ? "" : text.substring(at + SIGNED.length()).strip());
            return box.isPresent()
                    && jws.type().equals(TYPE)
                    && jws.isSignedBy(box.get().open())
                    && new String(jws.payload(), StandardCharsets.US_ASCII).equals(sha256(text.substring(0, at)));
        } catch (IOException | Jws.Unreadable unsigned) {
            return false;
        }
    }

    /** The text with one more device, unsigned. */
    String with(NewDevice device) throws IOException {
        String text = text().orElse("");
        int end = text.lastIndexOf(SIGNED);
        String before = end < 0 ? HEAD : text.substring(0, end);
        return before + "  - " + line(device) + "\n";
    }

    /** In quotes of JSON, which YAML has too: nothing that was typed becomes a key. */
    private static String line(NewDevice device) {
        boolean isLong = device.link().startsWith("{");
        return JsonText.write(text -> {
            text.writeStringField("id", device.id());
            text.writeStringField("profile", device.profile());
            if (!device.location().isEmpty()) {
                text.writeStringField("location", device.location());
            }
            text.writeFieldName("link");
            if (isLong) {
                text.writeRawValue(device.link());
            } else {
                text.writeString(device.link());
            }
        });
    }

    /** Signs and keeps the text; durable when it returns. @return the hash that is signed */
    String write(String text, String gateway) throws IOException {
        BoxKey box = BoxKey.open(key);
        String hash = sha256(text);
        String jws = box.sign(gateway, TYPE, hash.getBytes(StandardCharsets.US_ASCII));
        Files.createDirectories(file.getParent());
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        byte[] content = (text + SIGNED + jws + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel out = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel names = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            names.force(true);
        }
        return hash;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
