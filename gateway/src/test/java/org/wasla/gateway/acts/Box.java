package org.wasla.gateway.acts;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.wasla.gateway.acts.PeriodRules.Look;
import org.wasla.gateway.acts.PeriodRules.Sign;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Envelope;

/** A box by hand: records by stream, events that became durable, the state that was kept last. Time is the test's. */
final class Box {
    static final long START_MS = 1_781_596_800_000L;
    static final long QUIET_MS = 600_000;
    static final PeriodRules PUMP = new PeriodRules(
            Act.Type.INFUSION,
            List.of(new Sign("volume", Look.GROWS, null, null)),
            List.of(
                    new Sign("rate", Look.EQUALS, BigDecimal.ZERO, null),
                    new Sign("mode", Look.TEXT, null, Pattern.compile("HELD"))));
    static final PeriodRules VENTILATOR = new PeriodRules(
            Act.Type.VENTILATION, List.of(new Sign("mv", Look.ABOVE, BigDecimal.ZERO, null)), List.of());
    static final ActTable TABLE = new ActTable(
            "test-acts@1",
            List.of(
                    new ActTable.Row(
                            Act.Type.ANALYSIS,
                            Map.of("loinc", Set.of("718-7", "6690-2")),
                            List.of(Map.of("sys", "invented", "code", "X-1", "per", "specimen"))),
                    new ActTable.Row(
                            Act.Type.INFUSION,
                            Map.of("kind", Set.of("syringe pump")),
                            List.of(Map.of("sys", "invented", "code", "X-2"))),
                    new ActTable.Row(
                            Act.Type.EXAMINATION,
                            Map.of("modality", Set.of("CT"), "body", Set.of("CHEST")),
                            List.of(Map.of("sys", "invented", "code", "X-3")))));

    final Map<String, List<byte[]>> streams = new LinkedHashMap<>();
    final List<byte[]> events = new ArrayList<>();
    final List<Act> told = new ArrayList<>();
    final ActRules rules;
    Acts acts;
    long nowMs = START_MS;
    long steppedMs;
    private byte[] saved;
    private int savedEvents;

    Box(ActTable table) {
        this.rules = new ActRules(
                Set.of("F", "C"),
                QUIET_MS,
                60_000,
                86_400_000,
                table,
                Map.of(
                        "pump", new ActRules.Device("syringe pump", PUMP),
                        "vent", new ActRules.Device("ventilator", VENTILATOR),
                        "lab", new ActRules.Device("haematology analyser", null)));
        this.acts = new Acts(rules, "c81f2b7e");
        this.saved = acts.write();
    }

    Box() {
        this(TABLE);
    }

    private long nowNs() {
        return (nowMs - steppedMs) * 1_000_000;
    }

    /** @param rest the fields behind {@code t} */
    void put(String device, String kind, String rest) {
        List<byte[]> stream = streams.computeIfAbsent(device + '.' + kind, name -> new ArrayList<>());
        String profile = kind.equals("evt") ? "" : "\"prof\":\"" + device.split("-")[0] + "@1.0.0\",";
        stream.add(("{\"v\":1,\"gw\":\"gw-1\",\"ep\":\"c81f2b7e\",\"dev\":\"" + device + "\",\"k\":\"" + kind
                        + "\",\"seq\":" + (stream.size() + 1) + ",\"loc\":\"rea1/b07\"," + profile + "\"t\":" + nowMs
                        + "," + rest + "}")
                .getBytes(StandardCharsets.UTF_8));
    }

    void result(String specimen, String result) {
        put("lab", "res", "\"sp\":\"" + specimen + "\",\"res\":[{" + result + "}]");
    }

    void pump(String volume, String rate, String patient) {
        String whose = patient.isEmpty()
                ? ""
                : "\"pat\":{\"ref\":\"" + patient + "\",\"as\":\"a-1\",\"how\":\"scanned\",\"st\":\"F\"},";
        put(
                "pump",
                "obs",
                whose + "\"obs\":[{\"n\":\"rate\",\"r\":\"R\",\"v\":" + rate + "},{\"n\":\"volume\",\"r\":\"V\",\"v\":"
                        + volume + "}]");
    }

    void step(long ms) {
        nowMs += ms;
        steppedMs += ms;
        acts.stepped(ms);
    }

    /** What is new of all streams, in slices of their own acts; see {@code ActFollower}. */
    List<Act> follow() {
        List<Act> done = read();
        keep(done);
        return done;
    }

    /** The acts that would be kept next; nothing is durable yet. */
    List<Act> read() {
        List<Act> done = new ArrayList<>();
        streams.forEach((name, records) -> {
            String device = name.substring(0, name.lastIndexOf('.'));
            String kind = name.substring(name.lastIndexOf('.') + 1);
            for (long seq = acts.taken(device, kind) + 1; seq <= records.size(); seq++) {
                done.addAll(acts.take(device, kind, seq, records.get((int) seq - 1), nowNs()));
            }
        });
        done.addAll(acts.tick(nowNs()));
        return done;
    }

    void keep(List<Act> done) {
        told.addAll(done);
        done.forEach(act -> events.add(event(act, events.size() + 1)));
    }

    static byte[] event(Act act, long seq) {
        Act.Origin from = act.from();
        Envelope envelope = new Envelope(
                "gw-1",
                from.device(),
                from.location(),
                from.profile(),
                from.profileHash(),
                null,
                START_MS,
                from.deviceTime(),
                null);
        Envelope whose = from.patient() == null ? envelope : envelope.of(from.patient());
        return RecordJson.write(whose, act.event(), "c81f2b7e", seq);
    }

    void save() {
        saved = acts.write();
        savedEvents = events.size();
    }

    /** The plug is pulled: what is known is what was kept. */
    void crash() {
        try {
            acts = Acts.read(saved, rules, nowNs());
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
        events.subList(savedEvents, events.size()).forEach(acts::told);
    }

    List<String> ids() {
        return told.stream().map(Act::id).toList();
    }
}
