package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.render.Cbor;
import org.wasla.gateway.uplink.Mosquitto;

/** What the region's subscriber makes of the contract's rules, message by message, from mosquitto's own clients. */
class RegionRulesIT {
    private static Region region;

    @TempDir
    Path folder;

    @BeforeAll
    static void startPostgres() throws Exception {
        region = Region.start();
    }

    @AfterEach
    void stopSubscribers() {
        region.stopSubscribers();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        if (region != null) {
            region.close();
        }
    }

    /** Each is kept with its reason, and the stream goes on: what follows arrives. */
    @Test
    void badMessagesAreKeptApartAndStopNothing() throws Exception {
        String database = region.database("bad");
        try (Mosquitto broker = Mosquitto.start(folder)) {
            region.subscribe(folder.resolve("bad.log"), broker.port(), database);
            List<String> expected = new ArrayList<>();
            Bad bad = new Bad(broker.port(), expected);
            String good = RegionRecords.record("aaaaaaaa", "oxi-1", 1);
            bad.send("json", "", "");
            bad.send("json", "{\"v\":1", "");
            bad.send("json", "[".repeat(100_000), "");
            bad.send("json", good.replace("sensor-off", "\\u0000"), "");
            bad.send("contract", "[]", "");
            bad.send("contract", good.replace("\"seq\":1,", "\"seq\":\"x\","), "");
            bad.send("contract", good.replace("\"seq\":1,", "\"seq\":0,"), "");
            bad.send("contract", good.replace("\"seq\":1,", "\"seq\":2,"), "");
            bad.send("contract", good.replace("\"obs\":[", "\"ops\":["), "");
            bad.send("contract", good.replace("1.50", "\"1.50\""), "");
            bad.send("contract", good.replace("\"obs\":[", "\"n\":3,\"cols\":[],\"rows\":["), "");
            bad.send("contract", good.replace("\"t\":", "\"t\":999"), "");
            bad.send("version", good.replace("\"v\":1,\"id\"", "\"v\":2,\"id\""), "");
            bad.send("topic", good.replace("gw-test", "gw-other"), "");
            bad.send("content-type", good, "-D publish content-type application/vnd.wasla.obs+other");
            bad.send("encoding", good, "-D publish user-property enc zstd");
            bad.send("encoding", good, "-D publish user-property enc deflate");
            bad.send(expected, "too-large", deflated(" ".repeat(3 << 20)), "-D publish user-property enc deflate");
            bad.send(
                    expected,
                    "encoding",
                    java.util.Arrays.copyOf(deflated(good), 50),
                    "-D publish user-property enc deflate");
            bad.send(expected, "json", new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, "");
            Region.publish(
                    broker.port(),
                    RegionRecords.GATEWAY + "d/oxi-1/evt",
                    List.of(RegionRecords.event(1, "\"e\":\"gap\",\"of\":\"oxi-1.obs\",\"from\":9,\"to\":3")));
            expected.add("contract");
            Region.publish(
                    broker.port(),
                    RegionRecords.GATEWAY + "rsp/region-1",
                    List.of(
                            "{\"v\":1,\"jti\":\"77-1-1\",\"verb\":\"replay\",\"s\":\"done\",\"n\":0,\"missing\":[[1,9]]}"));
            expected.add("answer");
            byte[] cbor = Cbor.of(good.getBytes(StandardCharsets.UTF_8));
            String inCbor = "-D publish content-type application/vnd.wasla.obs+cbor";
            bad.send(expected, "encoding", java.util.Arrays.copyOf(cbor, cbor.length - 1), inCbor);
            bad.send(expected, "encoding", new byte[] {(byte) 0xbb, 127, 127, 127, 127, 127, 127, 127, 127}, inCbor);
            bad.send(expected, "encoding", "\u00c4".repeat(40_000).getBytes(StandardCharsets.ISO_8859_1), inCbor);
            bad.send("encoding", "{}", inCbor);
            Region.publish(
                    broker.port(),
                    RegionRecords.GATEWAY + "d/oxi-1/obs",
                    deflated(good),
                    "-D",
                    "publish",
                    "user-property",
                    "enc",
                    "deflate");
            Region.publish(
                    broker.port(),
                    RegionRecords.GATEWAY + "d/oxi-1/obs",
                    List.of(good, good.replace("\"t\":1", "\"t\":2")));
            expected.add("other-content");
            Region.awaitRows(
                    database,
                    expected.stream().sorted().collect(Collectors.joining(" ")),
                    "select rtrim(string_agg(repeat(reason || ' ', count::int), '' order by reason collate \"C\")) from rejected");
            assertEquals("1|1.50", Region.psql(database, "select count(*), max(v) from measurement where n = 'spo2'"));
        }
    }

    /** Sends what is bad and writes down how it must be called. */
    private record Bad(int broker, List<String> expected) {
        void send(String reason, String payload, String options) throws IOException, InterruptedException {
            send(expected, reason, payload.getBytes(StandardCharsets.UTF_8), options);
        }

        void send(List<String> to, String reason, byte[] payload, String options)
                throws IOException, InterruptedException {
            Region.publish(
                    broker,
                    RegionRecords.GATEWAY + "d/oxi-1/obs",
                    payload,
                    options.isEmpty() ? new String[0] : options.split(" "));
            to.add(reason);
        }
    }

    private static byte[] deflated(String text) throws IOException {
        return deflated(text.getBytes(StandardCharsets.UTF_8), new Deflater());
    }

    private static byte[] deflated(byte[] plain, Deflater deflater) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(bytes, deflater)) {
            deflate.write(plain);
        }
        return bytes.toByteArray();
    }

    /** Gateways of one region may differ, and a gateway sends what is smallest: message by message. */
    @Test
    void everyEncodingOfTheContractIsRead() throws Exception {
        String database = region.database("encodings");
        byte[] dictionary = Files.readAllBytes(Tool.ROOT.resolve("ops/contract/deflate-d1.dict"));
        try (Mosquitto broker = Mosquitto.start(folder)) {
            region.subscribe(folder.resolve("encodings.log"), broker.port(), database);
            String sent = "";
            int seq = 0;
            for (String form : List.of("json", "cbor")) {
                for (String enc : List.of("identity", "deflate", "deflate-d1")) {
                    String record = RegionRecords.record("aaaaaaaa", "oxi-1", ++seq);
                    byte[] plain = record.getBytes(StandardCharsets.UTF_8);
                    plain = form.equals("cbor") ? Cbor.of(plain) : plain;
                    Deflater deflater = new Deflater();
                    if (enc.equals("deflate-d1")) {
                        deflater.setDictionary(dictionary);
                    }
                    String options = "-D publish content-type application/vnd.wasla.obs+" + form
                            + " -D publish user-property enc " + enc;
                    Region.publish(
                            broker.port(),
                            RegionRecords.GATEWAY + "d/oxi-1/obs",
                            enc.equals("identity") ? plain : deflated(plain, deflater),
                            options.split(" "));
                    sent += (sent.isEmpty() ? "" : ", ") + "('" + record + "')";
                }
            }
            Region.awaitRows(
                    database,
                    "6|0",
                    "select (select count(*) from record, (values " + sent
                            + ") s(sent) where body::text = sent::jsonb::text), (select count(*) from rejected)");
        }
    }

    /** The contract's samples and what the profiles make of their captures, through our CBOR and the subscriber's reader. */
    @Test
    void recordsInCborSayWhatTheySayInJson() throws Exception {
        List<Path> files = new ArrayList<>(List.of(Tool.ROOT.resolve("ops/contract/samples/records.jsonl")));
        try (Stream<Path> all = Files.walk(Tool.ROOT.resolve("device-profiles"), 3)) {
            all.filter(file -> file.toString().endsWith(".expected.jsonl")).forEach(files::add);
        }
        List<String> records = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (Path file : files) {
            for (String record : Files.readAllLines(file)) {
                records.add(record);
                lines.add(HexFormat.of().formatHex(Cbor.of(record.getBytes(StandardCharsets.UTF_8))));
            }
        }
        String program = """
                import sys
                sys.dont_write_bytecode = True
                sys.path.insert(0, sys.argv[1])
                import cbor
                names = cbor.keys(sys.argv[2])
                for line in sys.stdin:
                    sys.stdout.buffer.write(cbor.as_json(bytes.fromhex(line), names) + b"\\n")
                """;
        List<String> read = Region.run(
                        String.join("\n", lines),
                        "/usr/bin/python3",
                        "-c",
                        program,
                        Tool.ROOT.resolve("ops/region/subscriber").toString(),
                        Tool.ROOT.resolve("ops/contract/cbor-keys.tsv").toString())
                .lines()
                .toList();
        assertTrue(records.size() > 500, "only " + records.size());
        assertEquals(records.size(), read.size());
        for (int i = 0; i < records.size(); i++) {
            assertEquals(tokens(records.get(i)), tokens(read.get(i)));
        }
    }

    /** What a JSON text says, its numbers digit by digit. */
    private static List<String> tokens(String json) throws IOException {
        List<String> tokens = new ArrayList<>();
        try (JsonParser parser = new ObjectMapper().createParser(json)) {
            while (parser.nextToken() != null) {
                tokens.add(parser.currentToken() + parser.getText());
            }
        }
        return tokens;
    }

    /** The contract's own samples: all are taken. Then damaged ones, which must never be an error, nor spoil a view. */
    @Test
    void samplesAreTakenAndDamagedOnesDoNoHarm() throws Exception {
        String database = region.database("samples");
        List<String> samples = Files.readAllLines(Tool.ROOT.resolve("ops/contract/samples/records.jsonl")).stream()
                .filter(line -> !line.isBlank())
                .toList();
        StringBuilder sql = new StringBuilder("create temp table sample (topic text, payload bytea);\n");
        for (String sample : samples) {
            JsonNode record = new ObjectMapper().readTree(sample);
            String topic = "wasla/1/ma-06/chu/" + record.path("gw").asText() + "/d/"
                    + record.path("dev").asText() + "/" + record.path("k").asText();
            sql.append("insert into sample values ('" + topic + "', convert_to('" + sample.replace("'", "''")
                    + "', 'UTF8'));\n");
        }
        String take = "select take(topic, 'application/json', payload) as came, count(*) from sample group by came;\n";
        assertEquals("new|" + samples.size(), Region.psql(database, sql + take));
        // Every sample cut at every offset is refused; with a bit turned in any byte it may be anything, but no error.
        String some = Boolean.getBoolean("wasla.long") ? "true" : "n % 3 = 0";
        sql.append("""
                create temp table numbered as select row_number() over () as n, topic, payload from sample;
                do $$ declare
                  each record;
                begin
                  for each in select * from numbered where %s loop
                    for i in 0 .. length(each.payload) - 1 loop
                      if take(each.topic, 'application/json', substr(each.payload, 1, i)) <> 'rejected' then
                        raise 'taken when cut at %%: %%', i, each.topic;
                      end if;
                      perform take(each.topic, 'application/json',
                        set_byte(each.payload, i, get_byte(each.payload, i) # (1 << (i %% 7))));
                    end loop;
                  end loop;
                end $$;
                """.formatted(some));
        for (String view : List.of("numbering", "association", "registered", "attributed", "measurement", "hole")) {
            sql.append("create temp table look_" + view + " as select * from " + view + ";\n");
        }
        sql.append("create temp table look as select * from indicator;\n");
        sql.append("create temp table between_ as select * from numbers_between('-infinity', 'infinity');\n");
        Region.psql(database, sql.toString());
    }

    /** What is missing is asked for once it has been missing for a while; the answer, gaps and a new epoch settle it. */
    @Test
    void holesAreAskedForAndSettledByTheAnswer() throws Exception {
        String database = region.database("holes");
        try (Mosquitto broker = Mosquitto.start(folder)) {
            region.subscribe(folder.resolve("holes.log"), broker.port(), database, "--patience", "0.5");
            Path heard = folder.resolve("order");
            Process gateway = new ProcessBuilder(
                            "mosquitto_sub",
                            "-V",
                            "5",
                            "-p",
                            "" + broker.port(),
                            "-q",
                            "1",
                            "-C",
                            "1",
                            "-t",
                            RegionRecords.GATEWAY + "cmd/replay",
                            "-F",
                            "%R %p")
                    .redirectOutput(heard.toFile())
                    .start();
            String data = RegionRecords.GATEWAY + "d/oxi-1/obs";
            Region.publish(
                    broker.port(),
                    data,
                    List.of(
                            RegionRecords.record("aaaaaaaa", "oxi-1", 1),
                            RegionRecords.record("aaaaaaaa", "oxi-1", 2)));
            Region.publish(broker.port(), data, RegionRecords.records("aaaaaaaa", "oxi-1", 6, 6));
            assertTrue(gateway.waitFor(60, TimeUnit.SECONDS), "no order came");
            String order = Files.readString(heard).strip();
            String form = RegionRecords.GATEWAY
                    + "rsp/region-1 \\{\"v\" : 1, \"jti\" : \"(\\d+-1-\\d+)\", \"dev\" : \"oxi-1\", \"k\" : \"obs\","
                    + " \"ep\" : \"aaaaaaaa\", \"from\" : 3, \"to\" : 5\\}";
            assertTrue(order.matches(form), order);
            String batch = "{\"v\":1,\"id\":\"gw-test.aaaaaaaa.oxi-1.obs.4\",\"gw\":\"gw-test\",\"ep\":\"aaaaaaaa\","
                    + "\"dev\":\"oxi-1\",\"k\":\"obs\",\"seq\":4,\"n\":2,\"loc\":\"rea1/b07\",\"t\":"
                    + (RegionRecords.T0 + 4000)
                    + ",\"cols\":[{\"c\":150456,\"n\":\"spo2\",\"r\":\"SPO2\",\"u\":\"%\"}],\"rows\":[[0,4.50],[1000,5.50]],\"late\":9000}";
            Region.publish(broker.port(), RegionRecords.GATEWAY + "d/oxi-1/obs-bf", List.of(batch));
            String answer = "{\"v\":1,\"jti\":\"" + order.replaceAll(form, "$1")
                    + "\",\"verb\":\"replay\",\"s\":\"done\",\"n\":2,\"missing\":[[3,3]]}";
            // Another gateway cannot settle what is not its own.
            Region.publish(
                    broker.port(),
                    RegionRecords.GATEWAY.replace("gw-test", "gw-else") + "rsp/region-1",
                    List.of(answer));
            Region.awaitRows(
                    database,
                    "answer|{[3,4)}",
                    "select (select max(reason) from rejected), (select missing from numbering)");
            Region.publish(broker.port(), RegionRecords.GATEWAY + "rsp/region-1", List.of(answer));
            Region.awaitRows(database, "{}|1", "select missing, lost_count from numbering where k = 'obs'");
            Region.publish(
                    broker.port(),
                    RegionRecords.GATEWAY + "d/oxi-1/evt",
                    List.of(RegionRecords.event(
                            1, "\"e\":\"gap\",\"of\":\"oxi-1.obs\",\"from\":7,\"to\":8,\"why\":\"quota\"")));
            Region.publish(broker.port(), data, RegionRecords.records("aaaaaaaa", "oxi-1", 9, 9));
            Region.publish(broker.port(), data, RegionRecords.records("bbbbbbbb", "oxi-1", 1, 2));
            Region.awaitRows(
                    database,
                    "aaaaaaaa|{}|3\nbbbbbbbb|{}|0",
                    "select ep, missing, lost_count from numbering"
                            + " where k = 'obs' and last in (2, 9) order by ep");
            assertEquals(
                    "not-held {[3,4)}, quota {[7,9)}",
                    Region.psql(
                            database,
                            "select lost from numbers_between(" + "to_timestamp(" + RegionRecords.T0 / 1000
                                    + "), to_timestamp(" + (RegionRecords.T0 / 1000 + 60)
                                    + ")) where k = 'obs' and ep = 'aaaaaaaa'"));
            // 6 obs of one epoch, 2 of the other, 1 event; 3 lost of 12.
            assertEquals(
                    "rea1|8|2|8|6|3|0.7273\n|1|0|0|0|0|1.0000",
                    Region.psql(
                            database,
                            "select unit, records, late, values, absent,"
                                    + " missing + lost, completeness from indicator order by unit desc"));
            // What was given up too early is no loss once it is there.
            Region.publish(broker.port(), data, RegionRecords.records("aaaaaaaa", "oxi-1", 3, 3));
            Region.awaitRows(database, "2", "select lost_count from numbering where k = 'obs' and ep = 'aaaaaaaa'");
        }
    }

    /** The newest statement that names a number counts; records stay as they were published. */
    @Test
    void correctionsAndMergersSayWhoseANumberIs() throws Exception {
        String database = region.database("whose");
        String mine = "p:0000000000000001";
        String hers = "p:0000000000000002";
        String merged = "p:0000000000000004";
        try (Mosquitto broker = Mosquitto.start(folder)) {
            region.subscribe(folder.resolve("whose.log"), broker.port(), database);
            String pat =
                    "\"pat\":{\"ref\":\"" + mine + "\",\"as\":\"a-1\",\"how\":\"scanned\",\"st\":\"F\"},\"obs\":[{";
            List<String> records = RegionRecords.records("aaaaaaaa", "oxi-1", 1, 6);
            Region.publish(
                    broker.port(),
                    RegionRecords.GATEWAY + "d/oxi-1/obs",
                    records.stream()
                            .map(each -> each.replace("\"obs\":[{", pat))
                            .toList());
            String one = "'e':'association','as':'a-1','how':'scanned','src':'scanner','from':" + RegionRecords.T0;
            String two = "'e':'association','as':'a-2','how':'typed','src':'device','from':9";
            String anew = "'e':'association-corrected','from':1,'to':9,'nums':[{'of':'oxi-1.obs','from':%d,'to':5}],";
            String merge = "'e':'patient-merged','was':'%s','ref':'%s'";
            String rebind = "'e':'rebind','by':'registry','nums':[],'rq':'q-1','ref':'%s','rev':%d,'why':'%s'";
            List<String> events = List.of(
                    one + ",'rec':5,'st':'F','ref':'" + mine + "'",
                    one + ",'rec':6,'st':'C','ref':'" + hers + "','to':" + (RegionRecords.T0 + 60_000),
                    anew.formatted(2) + "'why':'nobody'",
                    anew.formatted(4) + "'st':'C','ref':'" + hers + "'",
                    merge.formatted(hers, "p:0000000000000003"),
                    merge.formatted("p:0000000000000003", merged),
                    two + ",'rec':9,'st':'D','ref':'" + mine + "'",
                    rebind.formatted(hers, 3, "corrected") + ",'now':'n:02'",
                    rebind.formatted(hers, 2, "answer") + ",'now':'n:01'",
                    rebind.formatted(mine, 4, "answer") + ",'now':'n:05'",
                    rebind.formatted(mine, 5, "ambiguous"));
            Region.publish(broker.port(), RegionRecords.GATEWAY + "d/oxi-1/evt", RegionRecords.events(events));
            Region.awaitRows(
                    database,
                    "11|0",
                    "select (select count(*) from record where body ? 'e')," + " (select count(*) from rejected)");
            assertEquals(
                    "1|" + mine + "|\n2||\n3||\n4|" + merged + "|n:02\n5|" + merged + "|n:02\n6|" + mine + "|",
                    Region.psql(database, "select seq, ref, reg from attributed where k = 'obs' order by seq"));
            assertEquals(mine, Region.psql(database, "select distinct pat from record where body->>'k' = 'obs'"));
            assertEquals(
                    "a-1|" + merged + "|n:02|C|60",
                    Region.psql(
                            database,
                            "select \"as\", ref, reg, st, extract(epoch from to_t - from_t)::int from association"));
        }
    }
}
