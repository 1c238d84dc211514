package org.wasla.ops.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HL7 results over MLLP, each message with a control id of its own. One thread. */
final class MllpWay implements LabSender.Way {
    private static final byte START = 0x0B;
    private static final byte END = 0x1C;
    private final String id;
    private final String rest;

    /** @param results how many OBX a message has: 9 make 1.8 KB, 200 make 30 KB or so */
    MllpWay(String id, int results) {
        this.id = id;
        this.rest = rest(results);
    }

    private static String rest(int results) {
        StringBuilder text = new StringBuilder(
                "PID|1||TEST-0001^^^LAB^MR\rOBR|1||SPEC-0001|CBC^Blood count^99LAB|||" + "20260616080000\r");
        for (int i = 1; i <= results; i++) {
            text.append("OBX|")
                    .append(i)
                    .append("|NM|T")
                    .append(i)
                    .append("^Analyte number ")
                    .append(i)
                    .append("^99LAB||")
                    .append(i * 7 % 200)
                    .append('.')
                    .append(i % 10)
                    .append("|10*9/L^10*9/L^UCUM|1.0-200.0|N|||F|||20260616080000||operator|method-")
                    .append(i)
                    .append("^A method with a name of some length^99LAB|analyser-0001\r");
        }
        return text.toString();
    }

    @Override
    public int bytes() {
        return message(1).length;
    }

    private byte[] message(int number) {
        byte[] text = ("MSH|^~\\&|ANALYSER|LAB|WASLA|CHU|20260616080000||ORU^R01|" + id + "-" + number + "|P|2.5.1\r"
                        + rest)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] framed = Arrays.copyOf(new byte[] {START}, text.length + 3);
        System.arraycopy(text, 0, framed, 1, text.length);
        framed[text.length + 1] = END;
        framed[text.length + 2] = '\r';
        return framed;
    }

    @Override
    public void send(int number, OutputStream out, InputStream in) throws IOException {
        out.write(message(number));
        StringBuilder answer = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != END) {
            answer.append((char) next);
            next = in.read();
        }
        if (next < 0 || in.read() != '\r') {
            throw new IOException("the answer has no end");
        }
        if (!answer.toString().contains("MSA|AA|" + id + "-" + number)) {
            throw new IOException("no acknowledgement: " + answer);
        }
    }
}
