package org.wasla.gateway.agent;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Every form in which an identifier could come out: as it is, spelled otherwise, encoded, hashed. Forms of fewer than
 * {@value #CHARS_MIN} characters are left out, since they are found by chance. Immutable.
 */
final class Traces {
    private static final int CHARS_MIN = 6;
    private static final List<String> TIMES = List.of(
            "yyyy-MM-dd'T'HH:mm",
            "yyyy-MM-dd HH:mm",
            "yyyy-MM-dd",
            "yyyyMMddHHmm",
            "yyyyMMdd",
            "dd/MM/yyyy",
            "dd.MM.yyyy",
            "ddMMyyyy",
            "MM/dd/yyyy",
            "HH:mm:ss",
            "d MMM yyyy",
            "yyyy-DDD",
            "yyyyDDD");

    private final String name;
    private final Set<String> forms = new LinkedHashSet<>();

    private Traces(String name) {
        this.name = name;
    }

    /** @param identifier as it was fed in */
    static Traces of(String identifier) {
        Traces traces = new Traces(identifier);
        for (String spelled : spellings(identifier)) {
            traces.encoded(spelled);
        }
        return traces;
    }

    /** A moment, to the minute and to the day, here and in UTC. */
    static Traces of(Instant moment, ZoneId site) {
        Traces traces = new Traces(moment.toString());
        for (ZoneId zone : List.of(site, ZoneId.of("UTC"))) {
            ZonedDateTime at = moment.atZone(zone);
            TIMES.forEach(form -> traces.encoded(
                    DateTimeFormatter.ofPattern(form, Locale.ENGLISH).format(at)));
        }
        long seconds = moment.getEpochSecond();
        // Of ms those that lie within the same 100 s: what was published is not the ms that the test has read.
        traces.add(Long.toString(seconds / 100));
        traces.add(Long.toHexString(seconds).substring(0, CHARS_MIN));
        return traces;
    }

    static Traces of(LocalDate day) {
        return of(day.atTime(12, 0).toInstant(java.time.ZoneOffset.UTC), ZoneId.of("UTC"));
    }

    private static Set<String> spellings(String text) {
        Set<String> spelled = new LinkedHashSet<>();
        for (String each : List.of(text, text.replaceAll("[^\\p{L}0-9]", ""), text.replaceAll("[^0-9]", ""))) {
            spelled.add(each);
            spelled.add(each.toLowerCase(Locale.ROOT));
            spelled.add(each.toUpperCase(Locale.ROOT));
            spelled.add(new StringBuilder(each).reverse().toString());
        }
        spelled.removeIf(each -> each.length() < CHARS_MIN);
        return spelled;
    }

    private void encoded(String text) {
        add(text);
        for (Charset charset :
                List.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE)) {
            byte[] bytes = text.getBytes(charset);
            add(HexFormat.of().formatHex(bytes));
            // Base 64 of a longer text: by where it begins in a group of three the middle is one of these.
            for (int before = 0; before < 3; before++) {
                byte[] shifted = new byte[before + bytes.length];
                System.arraycopy(bytes, 0, shifted, before, bytes.length);
                String code = Base64.getEncoder().withoutPadding().encodeToString(shifted);
                int from = before == 0 ? 0 : before + 1;
                add(code.substring(from, code.length() - 1));
                add(code.substring(from, code.length() - 1).replace('+', '-').replace('/', '_'));
            }
            hashed(bytes);
        }
        add(java.net.URLEncoder.encode(text, StandardCharsets.UTF_8));
    }

    private void hashed(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        add(String.format(Locale.ROOT, "%08x", crc.getValue()));
        for (String algorithm : List.of("MD5", "SHA-1", "SHA-256", "SHA-512")) {
            try {
                byte[] sum = MessageDigest.getInstance(algorithm).digest(bytes);
                // The beginning is enough: a shortened one is one as well.
                add(HexFormat.of().formatHex(sum, 0, 6));
                add(Base64.getEncoder().encodeToString(sum).substring(0, 9));
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    private void add(String form) {
        if (form.length() >= CHARS_MIN) {
            forms.add(form);
        }
    }

    /** What of it is found in a text, without regard to capitals. */
    List<String> in(String text) {
        String low = text.toLowerCase(Locale.ROOT);
        List<String> found = new ArrayList<>();
        for (String form : forms) {
            if (low.contains(form.toLowerCase(Locale.ROOT))) {
                found.add(name + " as " + form);
            }
        }
        return found;
    }

    Set<String> forms() {
        return forms;
    }
}
