package org.wasla.gateway.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.profile.Profile;

/** A bedside analyser that speaks POCT1-A, on a real socket with a real buffer: the test is the device (lab.md 2.6). */
class PoctWireIT {
    private static final Pattern DOCUMENT = Pattern.compile("(?s)<(\\w{3}\\.R01)>.*?</\\1>");

    private static final Pattern VALUE = Pattern.compile(" V=\"([^\"]*)\"");

    @TempDir
    Path folder;

    private static String poct(String kind, int id, String content) {
        return "<" + kind + "><HDR><HDR.control_id V=\"" + id + "\"/><HDR.version_id V=\"POCT1\"/></HDR>" + content
                + "</" + kind + ">";
    }

    private static String result(int id, String value) {
        return poct(
                "OBS.R01",
                id,
                "<SVC><SVC.observation_dttm V=\"2026-06-16T08:00:00\"/><PT><PT.patient_id V=\"4711\"/><OBS>"
                        + "<OBS.observation_id V=\"Glu\"/><OBS.value V=\"" + value
                        + "\" U=\"mmol/L\"/></OBS></PT></SVC>");
    }

    /** @return the next document: its kind and what it says */
    private static String document(Socket line) throws IOException {
        StringBuilder text = new StringBuilder();
        Matcher whole = DOCUMENT.matcher(text);
        while (!whole.reset(text).find()) {
            int octet = line.getInputStream().read();
            assertTrue(octet >= 0, "closed without an answer");
            text.append((char) octet);
        }
        Matcher values = VALUE.matcher(whole.group().replaceFirst("(?s).*</HDR>", ""));
        StringBuilder said = new StringBuilder(whole.group(1).substring(0, 3));
        while (values.find()) {
            said.append(' ').append(values.group(1));
        }
        return said.toString();
    }

    private static void say(Socket line, String text) throws IOException {
        line.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The device keeps what was answered with an error; what it repeats over our death is told once. */
    @Test
    void aBedsideAnalyserIsAcknowledgedByTheDiskAloneAndToldOnce() throws Exception {
        Profile profile = Lab.profile(folder, "poct1a", "order: ORD.order_id");
        Path buffer = folder.resolve("buffer");
        try (ServerSocket port = Lab.port()) {
            String link = "tcp:127.0.0.1:" + port.getLocalPort();
            Outbox first = Lab.outbox(buffer);
            try (DeviceWorker worker = Lab.worker(first, profile, link);
                    Socket line = port.accept()) {
                line.setSoTimeout(Lab.WAIT_MS);
                say(
                        line,
                        poct(
                                "HEL.R01",
                                1,
                                "<DEV><DSC><DSC.directives_supported_cd V=\"START_CONTINUOUS\"/></DSC></DEV>"));
                assertEquals("ACK AA 1", document(line));
                say(line, poct("DST.R01", 2, "<DST><DST.new_observations_qty V=\"1\"/></DST>"));
                assertEquals("ACK AA 2", document(line));
                assertEquals("REQ ROBS", document(line));
                say(line, result(3, "5.40"));
                assertEquals("ACK AA 3", document(line));
                assertEquals(1, Lab.results(first).size(), "durable before the acknowledgement");
                say(line, poct("EOT.R01", 4, "<EOT><EOT.topic_cd V=\"OBS\"/></EOT>"));
                assertEquals("ACK AA 4", document(line));
                assertEquals("DTV START_CONTINUOUS", document(line));
                first.close();
                say(line, result(5, "5.50"));
                assertEquals("ACK AE 5", document(line), "the buffer takes nothing");
                assertEquals(Map.of(), worker.tally().bad());
            }
            try (Outbox outbox = Lab.outbox(buffer);
                    DeviceWorker worker = Lab.worker(outbox, profile, link);
                    Socket line = port.accept()) {
                line.setSoTimeout(Lab.WAIT_MS);
                say(line, result(1, "5.40") + result(2, "5.50"));
                assertEquals("ACK AA 1", document(line));
                assertEquals("ACK AA 2", document(line));
                assertEquals(2, Lab.results(outbox).size());
                assertEquals(Map.of("repeated", 1L), worker.tally().bad());
            }
        }
    }
}
