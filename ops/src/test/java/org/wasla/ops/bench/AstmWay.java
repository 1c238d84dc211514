package org.wasla.ops.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Results by ASTM E1381 and E1394: a transmission a message, each frame answered before the next. One thread. */
final class AstmWay implements LabSender.Way {
    private static final int ENQ = 0x05;
    private static final int ACK = 0x06;
    private static final int EOT = 0x04;
    private static final char STX = 0x02;
    private static final char ETX = 0x03;
    private final String id;
    private final int results;
    private final boolean isPacked;

    /** @param isPacked whether all records go into one frame, as many analysers send, and not each into its own */
    AstmWay(String id, int results, boolean isPacked) {
        this.id = id;
        this.results = results;
        this.isPacked = isPacked;
    }

    private List<String> records(int number) {
        List<String> records = new ArrayList<>();
        records.add("H|\\^&|||ANALYSER^1|||||||P|E1394-97|20260616080000");
        records.add("P|1");
        records.add("O|1|" + id + "-" + number + "||^^^CBC|R||||||N");
        for (int i = 1; i <= results; i++) {
            records.add("R|" + i + "|^^^T" + i + "|" + i * 7 % 200 + "." + i % 10
                    + "|10*9/L|1.0 to 200.0|N||F||||20260616080000");
        }
        records.add("L|1|N");
        return isPacked ? List.of(String.join("\r", records)) : records;
    }

    private static byte[] frame(int number, String text) {
        String summed = number % 8 + text + '\r' + ETX;
        int sum = 0;
        for (int i = 0; i < summed.length(); i++) {
            sum += summed.charAt(i);
        }
        String frame = STX + summed + String.format("%02X", sum & 0xff) + "\r\n";
        return frame.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int bytes() {
        int bytes = 2;
        for (String text : records(1)) {
            bytes += frame(1, text).length;
        }
        return bytes;
    }

    @Override
    public void send(int number, OutputStream out, InputStream in) throws IOException {
        out.write(ENQ);
        acknowledged(in);
        int frame = 1;
        for (String text : records(number)) {
            out.write(frame(frame, text));
            frame++;
            acknowledged(in);
        }
        out.write(EOT);
    }

    private static void acknowledged(InputStream in) throws IOException {
        int answer = in.read();
        if (answer != ACK) {
            throw new IOException("no acknowledgement: " + answer);
        }
    }
}
