package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.wasla.bridge.link.Pty;
import org.wasla.gateway.codec.AstmFrames;
import org.wasla.gateway.frame.Bytes;

/** An analyser's end of a line, by hand. One thread. */
interface Wire {
    int WAIT_MS = 20_000;
    char ENQ = '\5';
    char ACK = '\6';
    char NAK = '\25';
    char EOT = '\4';

    /** @return the next byte, or less when none comes */
    int read() throws IOException;

    void write(String text) throws IOException;

    static Wire of(Socket socket) throws IOException {
        socket.setSoTimeout(WAIT_MS);
        return new Wire() {
            @Override
            public int read() throws IOException {
                return socket.getInputStream().read();
            }

            @Override
            public void write(String text) throws IOException {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        };
    }

    static Wire of(Pty pty) {
        return new Wire() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return pty.read(one, WAIT_MS) == 1 ? one[0] & 0xff : -1;
            }

            @Override
            public void write(String text) throws IOException {
                pty.write(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        };
    }

    static void assertHeard(char expected, Wire line) throws IOException {
        assertEquals(expected, line.read());
    }

    /** @return the text of the next frame */
    static String frame(Wire line) throws IOException {
        StringBuilder frame = new StringBuilder();
        for (int octet = line.read(); octet != '\n'; octet = line.read()) {
            assertTrue(octet >= 0 && octet != EOT, "no frame: " + frame);
            frame.append((char) octet);
        }
        return frame.substring(2, frame.indexOf("\r"));
    }

    /**
     * Takes the host's message from its ENQ to its EOT.
     *
     * @return its records
     */
    static List<String> message(Wire line) throws IOException {
        assertHeard(ENQ, line);
        List<String> records = new ArrayList<>();
        do {
            line.write("" + ACK);
            records.add(frame(line));
        } while (!records.get(records.size() - 1).startsWith("L|"));
        line.write("" + ACK);
        assertHeard(EOT, line);
        return records;
    }

    static void say(Wire line, String text) throws IOException {
        line.write(ENQ + AstmFrames.frame(1, Bytes.latin1(text), true).latin1() + EOT);
        assertHeard(ACK, line);
        assertHeard(ACK, line);
    }

    static List<String> ask(Wire line, String range) throws IOException {
        say(line, "H|\\^&\rQ|1|" + range + "||ALL||||||||O\rL|1|N\r");
        return message(line);
    }

    static List<String> mllp(Wire line) throws IOException {
        StringBuilder frame = new StringBuilder();
        for (int octet = line.read(); octet != 0x1c; octet = line.read()) {
            assertTrue(octet >= 0, "no answer: " + frame);
            frame.append((char) octet);
        }
        line.read();
        return List.of(frame.substring(1).split("\r"));
    }
}
