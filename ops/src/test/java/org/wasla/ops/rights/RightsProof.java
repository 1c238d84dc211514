package org.wasla.ops.rights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.wasla.gateway.uplink.Ear;

/**
 * Who gets what at a broker with the lists that the tool made. Judged by what is delivered alone: a broker may grant a
 * subscription and deliver nothing, and acknowledge what it throws away.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RightsProof {

    private static final long WAIT_MS = 60_000;
    private static final List<String> TRICKS = List.of(
            "#",
            "+/#",
            "wasla/#",
            "wasla/1/+/+/+/#",
            "wasla/1/+/+/+/cmd/+",
            "wasla/1/+/+/+/d/+/+",
            "wasla/1/ma-06/chu/gw-a1/#",
            "wasla-agg/#",
            "wasla-epi/+/+/+",
            "$share/g/#",
            "$share/h/wasla/1/ma-06/chu/gw-a1/d/+/obs",
            "$SYS/#",
            "$sys/#",
            "$sys/mqtt/retain/#");

    private final List<Party> parties = new ArrayList<>();
    private final Map<String, Party> writers = new HashMap<>();
    protected final Town town;
    private final NavigableSet<String> topics;

    RightsProof() throws Exception {
        town = new Town();
        topics = town.topics();
    }

    /** Of the broker under test, on the loopback interface. */
    abstract int port();

    @AfterEach
    void leave() {
        parties.forEach(Party::close);
        parties.clear();
    }

    @AfterAll
    void silence() {
        writers.values().forEach(Party::close);
    }

    /** Connected once, for all tests. */
    private Party writer(String name) throws MqttException {
        Party writer = writers.get(name);
        if (writer == null) {
            writer = new Party(port(), Party.Entry.of(name));
            writers.put(name, writer);
        }
        return writer;
    }

    private Party party(Party.Entry entry) throws MqttException {
        Party party = new Party(port(), entry);
        parties.add(party);
        return party;
    }

    private Map<String, Party> all(Function<String, List<String>> filters) throws MqttException {
        Map<String, Party> all = new TreeMap<>();
        for (String name : town.names()) {
            Party party = party(Party.Entry.of(name));
            party.subscribe(filters.apply(name));
            assertTrue(party.isConnected(), name + " was thrown out: what it subscribed to after that proves nothing");
            all.put(name, party);
        }
        return all;
    }

    private List<String> ownFilters(String name) {
        return new ArrayList<>(new TreeSet<>(town.reads(name)));
    }

    /** Each text is the name of who says it; the broker acknowledges those who may. */
    private void everybodySaysEverything() throws MqttException {
        for (String name : town.names()) {
            Party writer = writer(name);
            writer.publish(topics, name, false)
                    .forEach((topic, code) -> assertEquals(
                            town.may(name, true, topic),
                            code >= 0 && code < 0x80,
                            name + " on " + topic + ": " + code + writer.faults()));
        }
    }

    private Set<String> due(String reader) {
        Set<String> due = new TreeSet<>();
        for (String topic : topics) {
            if (town.may(reader, false, topic)) {
                for (String writer : town.names()) {
                    if (town.may(writer, true, topic)) {
                        due.add(topic + "\t" + writer);
                    }
                }
            }
        }
        return due;
    }

    private void awaitAll(Map<String, Party> readers, Function<String, Set<String>> due) throws Exception {
        for (Map.Entry<String, Party> reader : readers.entrySet()) {
            Set<String> expected = due.apply(reader.getKey());
            Ear.until(
                    "all for " + reader.getKey() + ": " + expected,
                    WAIT_MS,
                    () -> reader.getValue().heard().containsAll(expected));
        }
    }

    /** Everything that may be said, once more and last: who has this has all that came before. */
    private void fence(String text, boolean retained) throws MqttException {
        for (String name : town.names()) {
            Party writer = writer(name);
            writer.publish(
                    topics.stream().filter(topic -> town.may(name, true, topic)).toList(), text, retained);
        }
    }

    private Set<String> fenced(String reader, String text) {
        Set<String> due = new TreeSet<>();
        due(reader).forEach(each -> due.add(each.substring(0, each.indexOf('\t') + 1) + text));
        return due;
    }

    // Everybody tries every topic of the contract, foreign gateways' and commands among them: what arrives is what the
    // pages say, no more and no less.
    @Test
    void everyMessageReachesThoseWhosePageSaysSoAndNobodyElse() throws Exception {
        Map<String, Party> readers = all(this::ownFilters);
        everybodySaysEverything();
        fence("last", false);
        awaitAll(readers, reader -> fenced(reader, "last"));
        awaitAll(readers, this::due);
        for (Map.Entry<String, Party> reader : readers.entrySet()) {
            Set<String> heard = new TreeSet<>(reader.getValue().heard());
            heard.removeIf(each -> each.endsWith("\tlast"));
            assertEquals(due(reader.getKey()), heard, reader.getKey());
            assertTrue(!heard.isEmpty(), reader.getKey() + " hears nothing: proves nothing");
        }
    }

    @Test
    void noWildcardAndNoRetainedMessageShowsMore() throws Exception {
        Map<String, Party> honest = all(this::ownFilters);
        fence("live", true);
        awaitAll(honest, reader -> fenced(reader, "live"));
        // They hear what is retained at once, and then what is live.
        Map<String, Party> curious = all(name -> TRICKS);
        fence("last", false);
        awaitAll(honest, reader -> fenced(reader, "last"));
        for (Map<String, Party> readers : List.of(honest, curious)) {
            for (Map.Entry<String, Party> reader : readers.entrySet()) {
                assertOnlyOwn(reader.getKey(), reader.getValue());
            }
        }
        fence("", true);
    }

    private void assertOnlyOwn(String name, Party party) {
        for (String each : party.heard()) {
            String topic = each.substring(0, each.indexOf('\t'));
            assertTrue(topic.isEmpty() || town.may(name, false, topic), name + " heard " + each);
        }
    }

    // A stolen key's last word: the broker publishes it, so it must ask what the key may do.
    @Test
    void noWillGoesWhereItsOwnerMayNotWrite() throws Exception {
        Map<String, Party> readers = all(this::ownFilters);
        List<String> lastWords = List.of(
                "wasla/1/ma-06/chu/gw-a1/cfg/desired",
                "wasla/1/ma-06/chu/gw-a1/cmd/replay",
                "wasla/1/ma-06/chu/gw-a1/state",
                "wasla/1/ma-06/hp/gw-b1/d/oxi/obs",
                "wasla-agg/1/ma-06/chu/gw-a1/hour");
        Map<String, Set<String>> due = new HashMap<>();
        for (String name : List.of("gw-a1", "gw-a2", "sub-regional", "sub-hospital", "sub-operations")) {
            for (String topic : lastWords) {
                dieWithWill(name, topic);
                for (String reader : town.names()) {
                    if (town.may(name, true, topic) && town.may(reader, false, topic)) {
                        due.computeIfAbsent(reader, each -> new TreeSet<>())
                                .add(topic + "\twill " + name + " " + topic);
                    }
                }
            }
        }
        assertTrue(due.getOrDefault("sub-regional", Set.of()).size() == 1, "the control: " + due);
        awaitAll(readers, reader -> due.getOrDefault(reader, Set.of()));
        fence("last", false);
        awaitAll(readers, reader -> fenced(reader, "last"));
        for (Map.Entry<String, Party> reader : readers.entrySet()) {
            Set<String> heard = new TreeSet<>(reader.getValue().heard());
            heard.removeIf(each -> !each.contains("\twill "));
            assertEquals(due.getOrDefault(reader.getKey(), Set.of()), heard, reader.getKey());
        }
    }

    private void dieWithWill(String name, String topic) {
        try (Party dying = new Party(port(), Party.Entry.of(name).withWill(topic))) {
            assertTrue(dying.isConnected());
        } catch (MqttException e) {
            // A broker may refuse a connection with such a will: then it is never said.
            assertTrue(!town.may(name, true, topic), name + " may write " + topic + " and is refused: " + e);
        }
    }

    // Who knows another's client id must not get what waits there for it.
    @Test
    void aSessionIsNoUseToAnotherUser() throws Exception {
        String topic = "wasla/1/ma-06/chu/gw-a1/d/oxi/obs";
        Party.Entry owner = new Party.Entry("session-of-regional", "sub-regional", true, null);
        try (Party first = new Party(port(), owner)) {
            assertTrue(first.subscribe(List.of(topic)));
        }
        Party gateway = writer("gw-a1");
        gateway.publish(List.of(topic), "waits", false);
        try (Party thief = new Party(port(), new Party.Entry("session-of-regional", "gw-b1", true, null))) {
            gateway.publish(List.of(topic), "live", false);
            fence("last", false);
            assertEquals(List.of(), thief.heard());
        } catch (MqttException e) {
            assertTrue(e.getReasonCode() >= 0x80, "refused is as good: " + e);
        }
    }

    @Test
    void nobodyComesInWithoutAName() {
        assertThrows(MqttException.class, () -> party(new Party.Entry("nameless", null, false, null)));
        assertThrows(MqttException.class, () -> party(new Party.Entry("stranger", "nobody", false, null)));
    }
}
