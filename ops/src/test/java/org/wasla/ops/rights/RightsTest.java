package org.wasla.ops.rights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Pages, data and contract are three lists of the same rights until these tests compare them. */
class RightsTest {

    @TempDir
    Path folder;

    @Test
    void thePagesSayWhatTheDataSay() throws IOException {
        Map<String, NavigableSet<Rights.Right>> data = Rights.ofData();
        data.remove("gateway");
        assertEquals(data, Rights.ofPages(".md"));
        assertEquals(data, Rights.ofPages(".fr.md"));
    }

    @Test
    void thePagesSubscribeToWhatTheyMayRead() throws IOException {
        List<Path> pages = new ArrayList<>(Rights.pages(".md"));
        pages.addAll(Rights.pages(".fr.md"));
        NavigableSet<Rights.Right> all = new TreeSet<>();
        Rights.ofData().values().forEach(all::addAll);
        for (Path page : pages) {
            String text = Files.readString(page);
            Matcher filter = Pattern.compile("-t '([^']+)'").matcher(text);
            int count = 0;
            while (filter.find()) {
                String wanted = filter.group(1);
                assertTrue(
                        all.stream()
                                .anyMatch(right -> !right.write()
                                        && text.contains("`" + right.filter() + "`")
                                        && wanted.matches(asPattern(right.filter()))),
                        page + " has no right to " + wanted);
                count++;
            }
            assertTrue(count > 0, page + " shows no mosquitto_sub");
        }
    }

    private static String asPattern(String filter) {
        return filter.replace("+", "\\+").replaceAll("\\{\\w+}", "[a-z0-9+-]+");
    }

    @Test
    void theIndexNamesEverySystemItsPageAndTestsThatExist() throws IOException {
        for (String index : List.of("README.md", "LISEZMOI.md")) {
            NavigableSet<Integer> rows = new TreeSet<>();
            for (String line : Files.readAllLines(Rights.PAGES.resolve(index))) {
                Matcher row = Pattern.compile("\\| (\\d+) \\|.*]\\(([a-z.]+)\\) \\| (.*) \\| (.*) \\|")
                        .matcher(line);
                if (row.matches()) {
                    assertTrue(rows.add(Integer.valueOf(row.group(1))), line);
                    assertTrue(Files.exists(Rights.PAGES.resolve(row.group(2))), line);
                    Matcher test = Pattern.compile("`(\\w+)`").matcher(row.group(3) + row.group(4));
                    while (test.find()) {
                        assertTrue(exists(test.group(1) + ".java"), line);
                    }
                }
            }
            assertEquals(14, rows.size(), index + ": " + rows);
        }
    }

    private static boolean exists(String name) throws IOException {
        for (String module : List.of("ops", "gateway")) {
            try (Stream<Path> files = Files.walk(Rights.ROOT.resolve(module + "/src/test/java"))) {
                if (files.anyMatch(file -> file.endsWith(name))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A gateway whose key is stolen speaks for itself alone, and gives itself no orders. */
    @Test
    void aGatewayNamesItselfInAllItMayDo() throws IOException {
        for (Rights.Right right : Rights.of(Rights.ofData(), "gateway")) {
            String filter = right.filter();
            boolean epidemiology = filter.equals("wasla-epi/1/{region}/signal");
            assertTrue(epidemiology || filter.matches("wasla(-agg)?/1/\\{region}/\\{site}/\\{gw}/.*"), filter);
            if (right.write()) {
                assertFalse(filter.contains("/cmd") || filter.endsWith("cfg/desired") || filter.contains("#"), filter);
            }
        }
    }

    @Test
    void nobodyWritesMoreThanNamedTopics() throws IOException {
        Rights.ofData()
                .forEach((role, rights) -> rights.stream()
                        .filter(Rights.Right::write)
                        .filter(right -> !role.equals("gateway"))
                        .forEach(right -> assertFalse(right.filter().matches(".*[+#].*"), role + " " + right)));
    }

    /** What the contract names must be allowed to somebody on both sides, or a new topic would be of no use. */
    @Test
    void everyTopicOfTheContractHasItsWriterAndItsReader() throws IOException {
        Map<String, NavigableSet<Rights.Right>> data = Rights.ofData();
        NavigableSet<Rights.Right> gateway = Rights.of(data, "gateway");
        data.remove("gateway");
        NavigableSet<Rights.Right> others = new TreeSet<>();
        data.values().forEach(others::addAll);
        Map<String, Boolean> topics = topicsOfTheContract();
        assertTrue(topics.size() >= 15, "only " + topics);
        topics.forEach((topic, fromGateway) -> {
            assertTrue(allowed(gateway, fromGateway, topic), "the gateway may not: " + topic);
            assertTrue(allowed(others, !fromGateway, topic), "nobody else may: " + topic);
            // Its own last report it reads back: a box whose disk was set back learns from it what it had.
            assertEquals(topic.endsWith("/cfg/reported"), allowed(gateway, !fromGateway, topic), topic);
        });
    }

    private static boolean allowed(NavigableSet<Rights.Right> rights, boolean write, String topic) {
        return rights.stream()
                .filter(right -> right.write() == write)
                .map(right -> right.filter().replaceAll("\\{\\w+}", "x"))
                .anyMatch(filter -> Rights.matches(filter, topic));
    }

    /** Every address with x for its parameters, and whether the gateway sends there. */
    private static Map<String, Boolean> topicsOfTheContract() throws IOException {
        Object document = new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(Rights.ROOT.resolve("ops/contract/asyncapi.yaml")));
        Map<String, Boolean> topics = new TreeMap<>();
        for (Object operation : map(at(document, "operations")).values()) {
            String reference = String.valueOf(at(at(operation, "channel"), "$ref"));
            String name = reference.substring(reference.lastIndexOf('/') + 1);
            boolean sends = at(operation, "action").equals("send");
            for (String topic : topics(at(at(document, "channels"), name))) {
                topics.put(topic, sends);
            }
        }
        return topics;
    }

    private static Map<?, ?> map(Object document) {
        return (Map<?, ?>) document;
    }

    private static Object at(Object document, String key) {
        Object found = map(document).get(key);
        if (found == null) {
            throw new IllegalArgumentException("asyncapi.yaml has no " + key);
        }
        return found;
    }

    private static List<String> topics(Object channel) {
        List<String> topics = new ArrayList<>(List.of(String.valueOf(at(channel, "address"))));
        map(at(channel, "parameters")).forEach((name, parameter) -> {
            Object values = map(parameter).get("enum");
            List<?> each = values instanceof List<?> list ? list : List.of("x");
            List<String> filled = new ArrayList<>();
            each.forEach(value -> topics.forEach(topic -> filled.add(topic.replace("{" + name + "}", "" + value))));
            topics.clear();
            topics.addAll(filled);
        });
        return topics;
    }

    // A list with one mistake in it must not become half a list at a broker.
    @Test
    void allMistakesAreToldAtOnceAndNothingIsWritten() throws IOException {
        String said = Town.tool(
                folder,
                List.of(
                        "gw-1\tma-06\tchu",
                        "gw-1\tma-06\thp",
                        "gw-2\t+\tchu",
                        "gw-3\tma-06\t#",
                        "GW-4\tma-06\tchu",
                        "gw-5\tma-06"),
                List.of(
                        "gw-1\tregional\tma-06",
                        "sub/1\tregional\tma-06",
                        "sub-2\tking\tma-06",
                        "sub-3\tgateway\tma-06",
                        "sub-4\thospital\tma-06",
                        "sub-5\tepidemiology\tma-06/chu",
                        "sub-6\trecord\tma-99",
                        "sub-7\trecord\tma-06,ma-06",
                        "sub-8\trecord\t#"));
        assertTrue(said.startsWith("2 "), said);
        for (String mistake : List.of(
                "gateways.tsv:2: gw-1 is taken at gateways.tsv:1",
                "gateways.tsv:3: region '+'",
                "gateways.tsv:4: site '#'",
                "gateways.tsv:5: id 'GW-4'",
                "gateways.tsv:6: 2 columns",
                "subscribers.tsv:1: gw-1 is taken at gateways.tsv:1",
                "subscribers.tsv:2: name 'sub/1'",
                "subscribers.tsv:3: no role 'king'",
                "subscribers.tsv:4: no role 'gateway'",
                "subscribers.tsv:5: role hospital is given by hospital",
                "subscribers.tsv:6: role epidemiology is given by region",
                "subscribers.tsv:7: 'ma-99' has no gateway",
                "subscribers.tsv:8: a place twice",
                "subscribers.tsv:9: '#' has no gateway")) {
            assertTrue(said.contains(mistake), mistake + " is not in: " + said);
        }
        assertFalse(Files.exists(folder.resolve("made")));
    }

    @Test
    void everyLineOfAGatewayIsItsOwn() throws IOException {
        Town town = new Town();
        town.make(folder);
        String acl = Files.readString(folder.resolve("made/mosquitto.acl"));
        for (Town.Gateway gateway : Town.GATEWAYS) {
            String own = acl.substring(acl.indexOf("user " + gateway.id() + "\n"));
            own = own.substring(own.indexOf('\n') + 1, own.indexOf("\n\n"));
            List<String> lines = own.lines().toList();
            assertEquals(Rights.of(Rights.ofData(), "gateway").size(), lines.size());
            for (String line : lines) {
                String place = gateway.region() + "/" + gateway.site() + "/" + gateway.id() + "/";
                assertTrue(
                        line.matches("topic (read|write) wasla(-agg)?/1/" + place + "[a-z/+#-]+")
                                || line.equals("topic write wasla-epi/1/" + gateway.region() + "/signal"),
                        line);
            }
        }
    }

    /** A box that nobody has confirmed says how it is and takes orders; nothing of a device, so of no patient. */
    @Test
    void inQuarantineAGatewayKeepsOnlyItsOwnState() throws IOException {
        String said = Town.tool(
                folder,
                List.of("gw-1\tma-06\tchu\tquarantine", "gw-2\tma-06\tchu\trevoked"),
                List.of("region-06\tregional\tma-06"));
        assertTrue(said.startsWith("0 "), said);
        String acl = Files.readString(folder.resolve("made/mosquitto.acl"));
        String own = acl.substring(acl.indexOf("user gw-1\n"), acl.indexOf("\n\nuser region-06"));
        assertFalse(own.contains("/d/") || own.contains("wasla-agg") || own.contains("wasla-epi"), own);
        assertTrue(own.contains("topic write wasla/1/ma-06/chu/gw-1/state\n"), own);
        assertTrue(own.contains("topic read wasla/1/ma-06/chu/gw-1/cmd/#"), own);
        assertFalse(acl.contains("user gw-2"), acl);
        assertTrue(Town.tool(folder, List.of("gw-1\tma-06\tchu\theld"), List.of())
                .contains("write quarantine or revoked"));
    }
}
