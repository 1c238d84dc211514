package org.wasla.gateway.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.imaging.ForwardSettings;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.imaging.ImagingSettings.Caller;
import org.wasla.gateway.imaging.ImagingSettings.Limits;
import org.wasla.gateway.imaging.ImagingSettings.Tls;
import org.wasla.gateway.imaging.StepSettings;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;

/** Reads how the box receives images: the section {@code dicom}. Stateless. */
final class DicomReader {
    private static final Path STORE = Path.of("/var/lib/wasla/dicom");
    static final Pattern TITLE = Pattern.compile("[!-\\[\\]-~]([ -\\[\\]-~]{0,14}[!-\\[\\]-~])?");
    static final String TITLE_REMEDY = "write 1 to 16 characters without a backslash, such as WASLA";
    private static final int PORT = 11_112;
    private static final int TLS_PORT = 2_762;
    private static final long BYTES_MIN = 4L << 20;
    private static final long QUIET_MS = 60_000;

    private DicomReader() {}

    static ImagingSettings read(Section dicom) {
        String title =
                dicom.get("ae").map(entry -> entry.text(TITLE, TITLE_REMEDY)).orElse("WASLA");
        boolean isAnyCalled = dicom.get("called").map(DicomReader::isAny).orElse(false);
        int port = dicom.whole("listen", 1, 65_535, PORT);
        List<Caller> callers = callers(dicom.list("callers"));
        Path store = dicom.get("store").flatMap(Entry::file).orElse(STORE);
        long maxBytes = dicom.get("max").map(Entry::bytes).orElse(20L << 30);
        if (maxBytes < BYTES_MIN) {
            dicom.need("max", "20GiB").problem("is too small", "write at least 4MiB");
        }
        long quietMs = dicom.millis("quiet", QUIET_MS);
        Tls tls = dicom.has("tls") ? tls(dicom.section("tls")) : null;
        ForwardSettings forward = ForwardReader.read(dicom, title);
        StepSettings steps = StepsReader.read(dicom);
        dicom.end();
        return new ImagingSettings(
                title, isAnyCalled, port, callers, store, maxBytes, quietMs, tls, Limits.USUAL, forward, steps);
    }

    private static boolean isAny(Entry entry) {
        if (!entry.text().equals("any")) {
            entry.problem("is '" + entry.text() + "'", "write any, or leave it out: then callers must use our title");
        }
        return true;
    }

    /** {@code any}, or titles, each with an address behind an @ where only that one may use it. */
    private static List<Caller> callers(List<Entry> entries) {
        List<Caller> callers = new ArrayList<>();
        if (entries.size() == 1
                && entries.get(0).isText()
                && entries.get(0).text().equals("any")) {
            return callers;
        }
        for (Entry entry : entries) {
            String text = entry.text();
            int at = text.lastIndexOf('@');
            String title = at < 0 ? text : text.substring(0, at);
            String address = at < 0 ? null : text.substring(at + 1);
            if (!TITLE.matcher(title).matches() || address != null && !isAddress(address)) {
                entry.problem("is '" + text + "'", "write any, or titles such as [CT1, US2@192.168.1.30]");
            }
            callers.add(new Caller(title, address));
        }
        return callers;
    }

    private static boolean isAddress(String text) {
        return text.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-f:]+");
    }

    private static @Nullable Tls tls(Section section) {
        int port = section.whole("listen", 1, 65_535, TLS_PORT);
        Optional<Path> key = readable(section.need("key", "/etc/wasla/dicom.p12"));
        Path ca = section.get("ca").flatMap(DicomReader::readable).orElse(null);
        section.end();
        return key.map(file -> new Tls(port, file, ca)).orElse(null);
    }

    static Optional<Path> readable(Entry entry) {
        Optional<Path> file = entry.file();
        if (file.isPresent() && !file.get().toString().isEmpty() && !Files.isReadable(file.get())) {
            entry.problem(
                    "is '" + file.get() + "', no file that can be read",
                    "correct the path, or give the right to read it");
        }
        return file;
    }
}
