package org.wasla.gateway.imaging;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.observation.Loinc;

/**
 * A coded concept (PS3.3 section 8). Immutable.
 *
 * @param scheme coding scheme designator as sent, "" where none was
 * @param value the code
 * @param meaning the sender's words, or null
 */
public record ExtractCode(
        String scheme, String value, @Nullable String meaning) {
    private static final Pattern MDC = Pattern.compile("(\\d{1,5}):(\\d{1,5})");
    private static final int CODE_VALUE = 0x0008_0100;
    private static final int SCHEME = 0x0008_0102;
    private static final int MEANING = 0x0008_0104;
    private static final int LONG_CODE_VALUE = 0x0008_0119;
    private static final int URN_CODE_VALUE = 0x0008_0120;

    /** @return the first code of a code sequence, or null when it holds none */
    static @Nullable ExtractCode of(DataSet parent, int sequence) {
        DataSet item = parent.item(sequence);
        String meaning = item.text(MEANING);
        for (int tag : new int[] {CODE_VALUE, LONG_CODE_VALUE, URN_CODE_VALUE}) {
            String value = item.text(tag);
            if (value != null) {
                String scheme = item.text(SCHEME);
                return new ExtractCode(scheme == null ? "" : scheme, value, meaning);
            }
        }
        return null;
    }

    /** @return "scheme:code" as records carry it */
    public String id() {
        return scheme.isEmpty() ? value : scheme + ":" + value;
    }

    /** @return id and words, for where a code stands in one text */
    String spoken() {
        return meaning == null ? id() : id() + "|" + meaning;
    }

    /** @return partition * 65536 + code where it is one of ISO/IEEE 11073-10101, else null */
    public @Nullable Integer mdc() {
        Matcher parts = MDC.matcher(value);
        if (!scheme.equals("MDC") || !parts.matches()) {
            return null;
        }
        int partition = Integer.parseInt(parts.group(1));
        int code = Integer.parseInt(parts.group(2));
        return partition < 0x8000 && code < 0x1_0000 ? partition << 16 | code : null;
    }

    /** @return the LOINC code where it is one and its check digit holds, else null */
    public @Nullable String loinc() {
        return scheme.equals("LN") && Loinc.isValid(value) ? value : null;
    }
}
