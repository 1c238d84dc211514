package org.wasla.ops.prove;

import java.util.List;
import java.util.stream.LongStream;

/** Records that were never measured, as a gateway would write them. */
final class RegionRecords {
    static final String GATEWAY = "wasla/1/ma-06/proof/gw-test/";
    static final long T0 = 1_781_596_804_000L;

    private RegionRecords() {}

    /** A record with one value, which is its number, as {@code 1.50}: two digits behind the point. */
    static String record(String ep, String device, long seq) {
        return "{\"v\":1,\"id\":\"gw-test." + ep + "." + device + ".obs." + seq + "\",\"gw\":\"gw-test\",\"ep\":\"" + ep
                + "\",\"dev\":\"" + device + "\",\"k\":\"obs\",\"seq\":" + seq + ",\"loc\":\"rea1/b07\",\"t\":"
                + (T0 + 1000 * seq) + ",\"obs\":[{\"c\":150456,\"n\":\"spo2\",\"r\":\"SPO2\",\"v\":" + seq
                + ".50,\"u\":\"%\"},{\"r\":\"PI\",\"q\":\"off\",\"why\":\"sensor-off\"}]}";
    }

    static List<String> records(String ep, String device, long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(seq -> record(ep, device, seq))
                .toList();
    }

    /** @param fields with single quotes */
    static String event(long seq, String fields) {
        return "{\"v\":1,\"id\":\"gw-test.aaaaaaaa.oxi-1.evt." + seq
                + "\",\"gw\":\"gw-test\",\"ep\":\"aaaaaaaa\",\"dev\":\"oxi-1\",\"k\":\"evt\",\"seq\":" + seq + ",\"t\":"
                + (T0 + 1000 * seq) + "," + fields.replace('\'', '"') + "}";
    }

    /** Events numbered from 1. */
    static List<String> events(List<String> fields) {
        return LongStream.rangeClosed(1, fields.size())
                .mapToObj(seq -> event(seq, fields.get((int) seq - 1)))
                .toList();
    }
}
