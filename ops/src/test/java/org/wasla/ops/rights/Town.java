package org.wasla.ops.rights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Two regions with their gateways and a subscriber of every role, and what each may do by its page: worked out here
 * without the tool. Immutable.
 */
final class Town {

    private static final long TOOL_S = 60;

    record Gateway(String id, String region, String site) {}

    record Subscriber(String name, String role, List<String> places) {}

    static final List<Gateway> GATEWAYS = List.of(
            new Gateway("gw-a1", "ma-06", "chu"),
            new Gateway("gw-a2", "ma-06", "chu"),
            new Gateway("gw-b1", "ma-06", "hp"),
            new Gateway("gw-c1", "ma-07", "chu"));

    private final List<Subscriber> subscribers = new ArrayList<>();
    private final Map<String, List<Rights.Right>> rights = new LinkedHashMap<>();

    Town() throws IOException {
        Map<String, NavigableSet<Rights.Right>> roles = Rights.ofPages(".md");
        for (String role : roles.keySet()) {
            boolean bySite = Rights.of(roles, role).stream()
                    .anyMatch(right -> right.filter().contains("{listed}"));
            subscribers.add(new Subscriber("sub-" + role, role, List.of(bySite ? "ma-06/chu" : "ma-06")));
        }
        subscribers.add(new Subscriber("far-regional", "regional", List.of("ma-07")));
        subscribers.add(new Subscriber("site-regional", "regional", List.of("ma-06/hp")));
        subscribers.add(new Subscriber("two-epidemiology", "epidemiology", List.of("ma-06", "ma-07")));
        for (Gateway gateway : GATEWAYS) {
            rights.put(
                    gateway.id(),
                    Rights.of(Rights.ofData(), "gateway").stream()
                            .map(right -> filled(right, gateway, gateway.id()))
                            .toList());
        }
        for (Subscriber subscriber : subscribers) {
            rights.put(subscriber.name(), ofSubscriber(subscriber, Rights.of(roles, subscriber.role())));
        }
    }

    private static List<Rights.Right> ofSubscriber(Subscriber subscriber, NavigableSet<Rights.Right> role) {
        List<Rights.Right> all = new ArrayList<>();
        for (String place : subscriber.places()) {
            for (Gateway gateway : GATEWAYS) {
                if (place.equals(gateway.region()) || place.equals(gateway.region() + "/" + gateway.site())) {
                    role.forEach(right -> all.add(filled(right, gateway, subscriber.name())));
                }
            }
        }
        return all.stream().distinct().toList();
    }

    private static Rights.Right filled(Rights.Right right, Gateway gateway, String me) {
        String filter = right.filter()
                .replace("{region}", gateway.region())
                .replace("{site}", gateway.site())
                .replace("{listed}", gateway.site())
                .replace("{gw}", gateway.id())
                .replace("{me}", me);
        return new Rights.Right(right.write(), filter);
    }

    /** Every name, gateways first. */
    List<String> names() {
        return List.copyOf(rights.keySet());
    }

    /** Filters that this one may read, the gateways' names written out. */
    List<String> reads(String name) {
        return rights(name).stream()
                .filter(right -> !right.write())
                .map(Rights.Right::filter)
                .toList();
    }

    boolean may(String name, boolean write, String topic) {
        return rights(name).stream().anyMatch(right -> right.write() == write && Rights.matches(right.filter(), topic));
    }

    private List<Rights.Right> rights(String name) {
        List<Rights.Right> found = rights.get(name);
        if (found == null) {
            throw new IllegalArgumentException("nobody is called " + name);
        }
        return found;
    }

    /** Every topic that the contract knows, of every gateway, and some that it does not know. */
    NavigableSet<String> topics() {
        NavigableSet<String> topics = new TreeSet<>();
        for (String name : names()) {
            for (Rights.Right right : rights(name)) {
                String topic = right.filter().replace("d/+/", "d/oxi/").replace("rsp/+", "rsp/sub-regional");
                if (topic.endsWith("cmd/#")) {
                    for (String verb : List.of("hello", "replay", "worklist", "associate", "lookup", "unknown")) {
                        topics.add(topic.replace("#", verb));
                    }
                } else {
                    topics.add(topic);
                }
            }
        }
        for (Gateway gateway : GATEWAYS) {
            String own = "wasla/1/" + gateway.region() + "/" + gateway.site() + "/" + gateway.id();
            topics.add(own + "/unknown");
            topics.add(own + "/d/oxi/unknown");
            topics.add(own + "/d/oxi");
        }
        topics.add("wasla.1.ma-06.hp.gw-b1.state");
        topics.add("wasla/1/ma-06/hp/gw-a1/state");
        topics.add("wasla/1/ma-07/chu/gw-a1/d/oxi/obs");
        topics.add("wasla-agg/1/ma-07/chu/gw-a1/hour");
        return topics;
    }

    /** Runs the tool on its lists; what it has made lies in {@code folder}. */
    void make(Path folder) throws IOException {
        List<String> gateways = new ArrayList<>(List.of("# id, region, site"));
        GATEWAYS.forEach(each -> gateways.add(each.id() + "\t" + each.region() + "\t" + each.site()));
        List<String> others = new ArrayList<>();
        subscribers.forEach(
                each -> others.add(each.name() + "\t" + each.role() + "\t" + String.join(",", each.places())));
        String said = tool(folder, gateways, others);
        if (!said.startsWith("0 ")) {
            throw new IOException(said);
        }
    }

    /** The exit code and what it said. */
    static String tool(Path folder, List<String> gateways, List<String> subscribers) throws IOException {
        Files.write(folder.resolve("gateways.tsv"), gateways);
        Files.write(folder.resolve("subscribers.tsv"), subscribers);
        Process process = new ProcessBuilder(
                        Rights.REGION.resolve("rights").toAbsolutePath().toString(),
                        "gateways.tsv",
                        "subscribers.tsv",
                        "--out",
                        "made")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(TOOL_S, TimeUnit.SECONDS)) {
                throw new IOException("the tool does not end");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return process.exitValue() + " " + said;
    }
}
