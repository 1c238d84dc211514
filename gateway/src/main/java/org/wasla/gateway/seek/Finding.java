package org.wasla.gateway.seek;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.identify.Candidate;
import org.wasla.gateway.profile.Profile;

/**
 * A device that was recognised.
 *
 * @param link what to write for it as {@code link} in the configuration
 */
public record Finding(Candidate candidate, String link) {
    /** The line's setting is left out of the link where the profile has it by itself. */
    static String link(Profile profile, SerialSettings heard) {
        String usual =
                profile.serialTries().isEmpty() ? "" : profile.serialTries().get(0);
        return heard.line().equals(usual)
                ? heard.text()
                : String.format(
                        Locale.ROOT,
                        "{serial: %s, baud: %d, data: %d, parity: %s, stop: %d}",
                        heard.path(),
                        heard.baud(),
                        heard.dataBits(),
                        heard.parity().name().toLowerCase(Locale.ROOT),
                        heard.stopBits());
    }

    /** In hundredths, and never rounded up. */
    public BigDecimal confidence() {
        return BigDecimal.valueOf(candidate.confidence()).setScale(2, RoundingMode.DOWN);
    }

    /** In words, three lines. */
    public String text() {
        Profile profile = candidate.profile();
        String device = String.join(", ", profile.device().makers()) + " "
                + String.join(", ", profile.device().models()) + " ("
                + profile.device().kind() + ")";
        return String.format(
                Locale.ROOT,
                "%s  %s  %s%n    %s%n    %s",
                profile.id(),
                confidence(),
                link,
                device.strip(),
                candidate.why());
    }

    /** As a JSON array, the best first. */
    public static String json(List<Finding> findings) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartArray();
            for (Finding finding : findings) {
                json.writeStartObject();
                json.writeStringField("profile", finding.candidate.profile().id());
                json.writeNumberField("confidence", finding.confidence());
                json.writeStringField("link", finding.link);
                json.writeStringField("why", finding.candidate.why());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.toString();
    }
}
