package org.wasla.gateway.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;
import org.wasla.gateway.uplink.UplinkSettings.Flow;

/** Reads how much goes when: {@code uplink.rate}, {@code uplink.batch}, {@code uplink.backlog}. Stateless. */
final class FlowReader {

    private static final Pattern WHOLE = Pattern.compile("[0-9]+");
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,2}) ?%");

    private FlowReader() {}

    static Flow read(Section uplink) {
        long rate = uplink.get("rate").map(FlowReader::rate).orElse(Flow.FREE.rateBytes());
        long batch = uplink.get("batch").map(FlowReader::batch).orElse(Flow.FREE.batchMs());
        int backlog = uplink.get("backlog").map(FlowReader::backlog).orElse(Flow.FREE.backlogPercent());
        return new Flow(rate, batch, backlog);
    }

    /** A number is bytes; so is a size. */
    private static long rate(Entry entry) {
        return WHOLE.matcher(entry.text()).matches() ? entry.whole(0, Integer.MAX_VALUE) : entry.bytes();
    }

    private static long batch(Entry entry) {
        long batchMs = entry.millis();
        if (batchMs > Flow.BATCH_MS_MAX) {
            entry.problem("is '" + entry.text() + "'", "write at most " + Flow.BATCH_MS_MAX / 1_000 + "s");
            return 0;
        }
        return batchMs;
    }

    private static int backlog(Entry entry) {
        Matcher percent = PERCENT.matcher(entry.text());
        if (percent.matches()) {
            int value = Integer.parseInt(percent.group(1));
            if (value <= Flow.BACKLOG_PERCENT_MAX) {
                return value;
            }
        }
        entry.problem("is '" + entry.text() + "'", "write 0% to " + Flow.BACKLOG_PERCENT_MAX + "%, such as 25%");
        return 0;
    }
}
