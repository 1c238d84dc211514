package org.wasla.ops.fleet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a ward's gateway sends, by the contract of {@code ops/contract}: sets of twelve parameters, alone (0.8 kB) or in
 * batches, alarms, health and last values. Values are invented. One thread.
 */
final class Traffic {
    private static final int VARIANTS = 32;
    private static final String[] COLUMNS = {
        "147842,\"n\":\"hr\",\"r\":\"HR\",\"u\":\"/min\"", "150456,\"n\":\"spo2\",\"r\":\"SpO2\",\"u\":\"%\"",
        "149530,\"n\":\"pulse\",\"r\":\"PR\",\"u\":\"/min\"", "151562,\"n\":\"rr\",\"r\":\"RR\",\"u\":\"/min\"",
        "150021,\"n\":\"nibp-sys\",\"r\":\"NBPs\",\"u\":\"mm[Hg]\"",
                "150022,\"n\":\"nibp-dia\",\"r\":\"NBPd\",\"u\":\"mm[Hg]\"",
        "150023,\"n\":\"nibp-mean\",\"r\":\"NBPm\",\"u\":\"mm[Hg]\"",
                "150344,\"n\":\"temp\",\"r\":\"T1\",\"u\":\"Cel\"",
        "151708,\"n\":\"etco2\",\"r\":\"etCO2\",\"u\":\"mm[Hg]\"",
                "150037,\"n\":\"abp-sys\",\"r\":\"ABPs\",\"u\":\"mm[Hg]\"",
        "150038,\"n\":\"abp-dia\",\"r\":\"ABPd\",\"u\":\"mm[Hg]\"",
                "150039,\"n\":\"abp-mean\",\"r\":\"ABPm\",\"u\":\"mm[Hg]\"",
    };
    private static final int[] USUAL = {78, 97, 78, 16, 121, 74, 90, 36, 38, 118, 70, 86};
    private final List<String> sets;
    private final int setsPerMessage;

    /** @param setsPerMessage 1 for sets alone, more for batches */
    Traffic(int setsPerMessage) {
        this.setsPerMessage = setsPerMessage;
        Random random = new Random(7);
        List<String> made = new ArrayList<>();
        for (int i = 0; i < VARIANTS; i++) {
            made.add(setsPerMessage == 1 ? single(random) : batch(random, setsPerMessage));
        }
        sets = List.copyOf(made);
    }

    private static String single(Random random) {
        StringBuilder text = new StringBuilder(",\"obs\":[");
        for (int i = 0; i < COLUMNS.length; i++) {
            text.append(i == 0 ? "" : ",").append("{\"c\":").append(COLUMNS[i]);
            text.append(",\"v\":").append(value(i, random)).append('}');
        }
        return text.append("]}").toString();
    }

    private static String batch(Random random, int rows) {
        StringBuilder text = new StringBuilder(",\"n\":" + rows + ",\"cols\":[");
        for (int i = 0; i < COLUMNS.length; i++) {
            text.append(i == 0 ? "" : ",").append("{\"c\":").append(COLUMNS[i]).append('}');
        }
        text.append("],\"rows\":[");
        for (int row = 0; row < rows; row++) {
            text.append(row == 0 ? "[" : ",[").append(row * 1_000);
            for (int i = 0; i < COLUMNS.length; i++) {
                text.append(',').append(value(i, random));
            }
            text.append(']');
        }
        return text.append("]}").toString();
    }

    private static int value(int column, Random random) {
        return USUAL[column] + random.nextInt(4);
    }

    int setsPerMessage() {
        return setsPerMessage;
    }

    /** @param message the how manyeth of this device, from 1 */
    byte[] observations(String gateway, String device, long message, long nowMs) {
        long seq = (message - 1) * setsPerMessage + 1;
        return bytes(envelope(gateway, device, "obs", seq, nowMs) + sets.get((int) (message % VARIANTS)));
    }

    byte[] alarm(String gateway, String device, long seq, long nowMs) {
        return bytes(
                envelope(gateway, device, "alarm", seq, nowMs)
                        + ",\"a\":\"hr-high\",\"phase\":\"start\",\"kind\":\"phys\",\"prio\":\"medium\",\"state\":\"active\","
                        + "\"c\":196648,\"r\":\"HR HIGH\",\"txt\":\"HR HIGH\",\"src\":{\"c\":147842,\"n\":\"hr\",\"r\":\"HR\"}}");
    }

    private static String envelope(String gateway, String device, String kind, long seq, long nowMs) {
        return "{\"v\":1,\"id\":\"" + gateway + ".f1ee7000." + device + "." + kind + "." + seq + "\",\"gw\":\""
                + gateway
                + "\",\"ep\":\"f1ee7000\",\"dev\":\"" + device + "\",\"k\":\"" + kind + "\",\"seq\":" + seq
                + ",\"prof\":\"mindray-pds@1.1.0\",\"ph\":\"1900eab6d2f4\",\"map\":\"wasla-codes@1\",\"t\":" + nowMs
                + ",\"loc\":\"rea1/b07\",\"clk\":{\"s\":\"sync\",\"e\":12}";
    }

    static byte[] state(String gateway, String state, long nowMs) {
        return bytes("{\"v\":1,\"gw\":\"" + gateway + "\",\"ep\":\"f1ee7000\",\"boot\":1,\"s\":\"" + state + "\",\"t\":"
                + nowMs + ",\"sw\":\"fleet\"}");
    }

    static byte[] health(String gateway, int devices, long nowMs) {
        StringBuilder text = new StringBuilder("{\"v\":1,\"gw\":\"" + gateway + "\",\"t\":" + nowMs
                + ",\"running\":true,\"up\":86400,\"clk\":{\"s\":\"sync\"},\"buffer\":{\"epoch\":\"f1ee7000\",\"boot\":1,"
                + "\"bytes\":129000000,\"full\":false},\"uplink\":{\"connected\":true,\"sent\":12},\"devices\":[");
        for (int i = 0; i < devices; i++) {
            text.append(i == 0 ? "" : ",").append("{\"dev\":\"").append(device(i));
            text.append("\",\"prof\":\"mindray-pds@1.1.0\",\"s\":\"linked\",\"frames\":86400,\"records\":86400,");
            text.append("\"skippedBytes\":0,\"bad\":{}}");
        }
        return bytes(text.append("]}").toString());
    }

    static byte[] deviceState(String device, long nowMs) {
        return bytes("{\"v\":1,\"dev\":\"" + device + "\",\"s\":\"linked\",\"t\":" + nowMs
                + ",\"why\":\"good messages arrive\"}");
    }

    static byte[] deviceMeta(String device) {
        return bytes("{\"v\":1,\"dev\":\"" + device + "\",\"loc\":\"rea1/b07\",\"prof\":\"mindray-pds@1.1.0\","
                + "\"ph\":\"1900eab6d2f4\",\"kind\":\"patient monitor\",\"trust\":\"unverified\"}");
    }

    static byte[] alarms(String gateway, String device, long nowMs) {
        return bytes(
                "{\"v\":1,\"gw\":\"" + gateway + "\",\"dev\":\"" + device + "\",\"t\":" + nowMs + ",\"alarms\":[]}");
    }

    static String device(int number) {
        return "mon-b" + (10 + number);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
