package org.wasla.ops.bench;

import java.nio.charset.StandardCharsets;

/**
 * How a peer turns a bench line into a record: fixed columns, no checks, the same bytes as the agent's record. One
 * thread.
 */
final class PeerRecord {
    static final String TOPIC = "wasla/1/ma-06/bench/gw-bench/d/line-1/obs";
    private static final int COLUMN = 24;
    private static final String HEAD = "{\"v\":1,\"id\":\"gw-bench.c81f2b7e.line-1.obs.";
    private static final String MIDDLE =
            "\",\"gw\":\"gw-bench\",\"ep\":\"c81f2b7e\",\"dev\":\"line-1\",\"k\":\"obs\",\"seq\":";
    private static final String PROFILE =
            ",\"prof\":\"bench-line@1.0.0\",\"ph\":\"a131a57f9266\",\"map\":\"wasla-codes@1\",\"t\":";
    private static final String CLOCK = ",\"clk\":{\"s\":\"sync\"},\"obs\":[";
    private static final String[] FIELDS = {
        "{\"c\":147842,\"n\":\"hr\",\"r\":\"HR\",\"v\":",
        "{\"n\":\"pulse\",\"r\":\"PR\",\"v\":",
        "{\"n\":\"spo2\",\"r\":\"SPO2\",\"v\":",
        "{\"n\":\"rr\",\"r\":\"RR\",\"v\":",
        "{\"n\":\"temp\",\"r\":\"T\",\"v\":",
        "{\"n\":\"sys\",\"r\":\"SYS\",\"v\":",
        "{\"n\":\"dia\",\"r\":\"DIA\",\"v\":",
        "{\"r\":\"N\",\"v\":"
    };
    private long seq;

    byte[] of(String line) {
        seq++;
        StringBuilder json = new StringBuilder(512);
        json.append(HEAD).append(seq).append(MIDDLE).append(seq).append(PROFILE);
        json.append(System.currentTimeMillis()).append(CLOCK);
        for (int i = 0; i < FIELDS.length; i++) {
            String sent = line.substring(i * COLUMN + 10, i * COLUMN + 18).strip();
            json.append(i == 0 ? "" : ",").append(FIELDS[i]).append(number(sent));
            json.append(i == 0 ? ",\"u\":\"/min\"}" : "}");
        }
        return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String number(String sent) {
        int zeros = 0;
        while (zeros < sent.length() - 1 && sent.charAt(zeros) == '0') {
            zeros++;
        }
        return sent.substring(zeros);
    }
}
