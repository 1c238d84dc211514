package org.wasla.bridge.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short forms of links, and that a mistake in one says what to write instead. */
final class LinkSettingsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "serial:/dev/ttyUSB0",
                "serial:/dev/serial/by-path/platform-1.0-usb-0:1.2:1.0-port0",
                "tcp:127.0.0.1:4601",
                "tcp:[fe80::1]:4601",
                "udp:192.168.1.20:24105",
                "udp:[fe80::1]:24105",
                "listen:5100"
            })
    void aShortFormIsReadAndWrittenAlike(String text) {
        assertEquals(text, LinkSettings.parse(text).text());
    }

    /** bedside.md 2.1: the monitors that we meet on UDP have one fixed port. */
    @Test
    void datagramsGoToTheMonitorsPortUnlessToldOtherwise() {
        assertEquals(
                "udp:192.168.1.20:24105", LinkSettings.parse("udp:192.168.1.20").text());
        assertEquals("udp:[fe80::1]:24105", LinkSettings.parse("udp:[fe80::1]").text());
        assertTrue(LinkSettings.parse("udp:monitor").isDatagrams());
    }

    @Test
    void aSerialPortIsAt9600Baud8N1UnlessToldOtherwise() {
        SerialSettings settings = (SerialSettings) LinkSettings.parse("serial:/dev/ttyS0");
        assertEquals(new SerialSettings("/dev/ttyS0", 9600, 8, Parity.NONE, 1, Flow.NONE, false, null), settings);
        assertEquals("9600 8N1", settings.line());
    }

    @ParameterizedTest
    @CsvSource({"9600 8N1,NONE", "19200 7E1,EVEN", "300 7o2,ODD", "4000000 5N2,NONE"})
    void aLineIsReadFromItsShortForm(String line, Parity parity) {
        SerialSettings settings = SerialSettings.of("/dev/ttyS0", line, Flow.XON_XOFF, true);
        assertEquals(parity, settings.parity());
        assertEquals(line.toUpperCase(Locale.ROOT), settings.line());
        assertEquals(Flow.XON_XOFF, settings.flow());
        assertTrue(settings.readOnly());
    }

    @Test
    void aLineIsChangedPieceByPiece() {
        SerialSettings settings = SerialSettings.of("/dev/ttyS0", "9600 8N1", Flow.NONE, false)
                .withLine("115200 7E2")
                .withFlow(Flow.RTS_CTS)
                .withReadOnly(true);
        assertEquals(new SerialSettings("/dev/ttyS0", 115_200, 7, Parity.EVEN, 2, Flow.RTS_CTS, true, null), settings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttyUSB0|serial:/dev/ttyUSB0",
                "usb:/dev/ttyUSB0|listen:PORT",
                "serial:ttyUSB0|serial:/dev/ttyUSB0",
                "serial:/dev/ttyS0 9600|speed and parity go apart",
                "tcp:monitor|tcp:HOST:PORT",
                "tcp:monitor:x|tcp:HOST:PORT",
                "tcp::4601|tcp:192.168.1.20:4601",
                "tcp:fe80::1:4601|brackets",
                "tcp:monitor:70000|1 to 65535",
                "udp:|udp:192.168.1.20",
                "udp:fe80::1:24105|brackets",
                "udp:monitor:0|1 to 65535",
                "listen:|listen:5100",
                "listen:0|1 to 65535",
                "listen:-1|listen:5100"
            })
    void aMistakeInALinkSaysWhatToWrite(String text, String advice) {
        assertAdvice(advice, () -> LinkSettings.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "9600,9600 8N1",
        "9600 8X1,9600 8N1",
        "9600-8N1,9600 8N1",
        "299 8N1,300 to 4000000",
        "4000001 8N1,300 to 4000000",
        "9600 4N1,7 or 8",
        "9600 9N1,7 or 8",
        "9600 8N3,1 or 2",
        "9600 8N0,1 or 2"
    })
    void aMistakeInALineSaysWhatToWrite(String line, String advice) {
        assertAdvice(advice, () -> SerialSettings.of("/dev/ttyS0", line, Flow.NONE, false));
    }

    private static void assertAdvice(String advice, Executable mistake) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, mistake).getMessage());
        assertTrue(message.contains("write ") && message.contains(advice), message);
    }
}
