package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.codec.MedibusFrames;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.Trial;

/** The manufacturer's worked examples of MEDIBUS, by path only. */
class MedibusBytesTest {
    private static final Path EXAMPLES = Shelf.shared().resolve("captures/bedside/draeger-medibus");

    private static Path file(String name) {
        Path file = EXAMPLES.resolve(name + ".bin");
        Assumptions.assumeTrue(Files.exists(file), "skipped: no " + file + " beside this checkout");
        return file;
    }

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(file(name));
    }

    /** @return what stands behind the time in each record */
    private static List<String> decode(String name) throws IOException {
        Profile profile = Shelf.profile("draeger-medibus");
        List<String> records = new ArrayList<>();
        var counts = Trial.run(profile, "wasla-codes@1", file(name), json -> {
            String record = new String(json, StandardCharsets.UTF_8);
            records.add(record.substring(record.indexOf("\"t\":1") + 6));
        });
        assertEquals(Map.of(), counts.bad(), name);
        assertEquals(0, counts.skippedBytes(), name);
        assertEquals(1, counts.frames(), name);
        return records;
    }

    @Test
    void theExamplesGiveTheirValues() throws IOException {
        assertEquals(
                List.of("\"obs\":[{\"c\":150456,\"n\":\"spo2\",\"r\":\"cp1.EB\",\"v\":98,\"u\":\"%\"},"
                        + "{\"c\":149530,\"n\":\"pulse\",\"r\":\"cp1.E1\",\"v\":70,\"u\":\"/min\"}]}"),
                decode("cp1-data-spo2-98-pulse-70"));
        assertTrue(decode("datetime-resp").get(0).startsWith("\"dt\":\"1993-11-11T11:11:19\""));
        assertEquals(
                List.of("\"obs\":[{\"n\":\"device-id\",\"r\":\"id\",\"s\":\"0161\"},"
                        + "{\"n\":\"device-name\",\"r\":\"name\",\"s\":\"My PC\"},"
                        + "{\"n\":\"software\",\"r\":\"software\",\"s\":\"01.00\"},"
                        + "{\"n\":\"protocol\",\"r\":\"medibus\",\"s\":\"03.00\"}]}"),
                decode("devid-pc-resp"));
    }

    @Test
    void theExamplesWithoutValuesAreFramesWithoutARecord() throws IOException {
        for (String name : List.of(
                "cp1-cmd",
                "cp1-empty-resp",
                "devid-cmd",
                "devid-empty-resp",
                "icc-cmd",
                "icc-resp",
                "nak-resp",
                "nop-cmd",
                "rt-configure-cmd",
                "rtcfg-cmd",
                "rtcfg-resp",
                "rtset-resp",
                "time-changed-cmd")) {
            assertEquals(List.of(), decode(name), name);
        }
    }

    /** What we send is what the manual shows. */
    @Test
    void ourCommandsAreThoseOfTheManual() throws IOException {
        Map<String, Bytes> ours = Map.of(
                "icc-cmd", MedibusFrames.command(0x51, ""),
                "icc-resp", MedibusFrames.response(0x51, ""),
                "nop-cmd", MedibusFrames.command(0x30, ""),
                "devid-cmd", MedibusFrames.command(0x52, ""),
                "cp1-cmd", MedibusFrames.command(0x24, ""),
                "rtcfg-cmd", MedibusFrames.command(0x53, ""),
                "rt-configure-cmd", MedibusFrames.command(0x54, "00020603"),
                "nak-resp", MedibusFrames.response(0x15, ""));
        for (Map.Entry<String, Bytes> example : ours.entrySet()) {
            assertEquals(Bytes.of(bytes(example.getKey())), example.getValue(), example.getKey());
        }
    }

    /** The examples of the real-time stream in the conversation that they belong to: the waves 00 and 06. */
    @Test
    void theRecordsOfTheStreamGiveTheirSamples() throws IOException {
        Profile profile = Shelf.profile("draeger-medibus");
        Talk talk = profile.talk().open(0);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        List<Message> messages = new ArrayList<>();
        long nowNs = 0;
        for (String name : List.of(
                "icc-resp",
                "devid-pc-resp",
                "rtcfg-resp",
                "rtset-resp",
                "rt-record-t0",
                "rt-record-insp",
                "rt-record-t2",
                "rt-record-t3")) {
            byte[] bytes = bytes(name);
            List<Action> actions = new ArrayList<>(talk.onTime(nowNs));
            actions.addAll(talk.onBytes(bytes, bytes.length, nowNs));
            nowNs += 300_000_000L;
            perform(actions, said, messages);
        }
        perform(talk.onBytes(new byte[] {(byte) 0xd0}, 1, nowNs), said, messages);
        perform(talk.onEnd(), said, messages);
        assertTrue(Bytes.of(said.toByteArray())
                .toString()
                .contains(Bytes.of(bytes("enable-rt-1-2")).toString()));
        assertEquals(
                "{\"c\":151792,\"n\":\"paw\",\"r\":\"rt.00\",\"u\":\"mbar\",\"hz\":\"31.25\",\"n0\":0,\"lo\":-10,\"hi\":100,"
                        + "\"dlo\":0,\"dhi\":880,\"d\":[81,80,84],\"gap\":[[3,1]]}",
                wave(profile, messages, 0));
        assertEquals(
                "{\"c\":151700,\"n\":\"co2\",\"r\":\"rt.06\",\"u\":\"mm[Hg]\",\"hz\":\"31.25\",\"n0\":0,\"lo\":-20,\"hi\":100,"
                        + "\"dlo\":0,\"dhi\":1120,\"d\":[205,202,206],\"gap\":[[2,1]]}",
                wave(profile, messages, 1));
    }

    private static void perform(List<Action> actions, ByteArrayOutputStream said, List<Message> messages) {
        for (Action action : actions) {
            if (action instanceof Action.Send send) {
                said.writeBytes(send.bytes().toArray());
            } else if (action instanceof Action.Deliver deliver) {
                messages.add(deliver.message());
            }
        }
    }

    private static String wave(Profile profile, List<Message> messages, int index) {
        Mapped mapped = new Mapper(profile.mapping()).map(messages.get(messages.size() - 1));
        RecordBody body = mapped.bodies().get(index);
        Envelope envelope = new Envelope("g", "d", null, null, null, null, 1, null, null);
        String record = new String(RecordJson.write(envelope, body, "00000000", 1), StandardCharsets.UTF_8);
        return "{" + record.substring(record.indexOf("\"t\":1,") + 6);
    }
}
