package org.wasla.gateway.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One box as the broker tells it. Immutable.
 *
 * @param place its topics begin so, up to and with its id
 * @param state what {@code state} says, empty when nothing came
 * @param meta what {@code meta} says
 * @param reported what {@code cfg/reported} says
 * @param devices what each device's {@code meta} says
 */
record RemoteBox(
        String place,
        Map<String, @Nullable Object> state,
        Map<String, @Nullable Object> meta,
        Map<String, @Nullable Object> reported,
        Map<String, Map<String, @Nullable Object>> devices) {
    RemoteBox {
        devices = new TreeMap<>(devices);
    }

    static RemoteBox unknown(String place) {
        return new RemoteBox(place, Map.of(), Map.of(), Map.of(), Map.of());
    }

    /** With a message of one of its topics. */
    RemoteBox with(String leaf, Map<String, @Nullable Object> said) {
        return switch (leaf) {
            case "state" -> new RemoteBox(place, said, meta, reported, devices);
            case "meta" -> new RemoteBox(place, state, said, reported, devices);
            case "cfg/reported" -> new RemoteBox(place, state, meta, said, devices);
            default -> {
                Map<String, Map<String, @Nullable Object>> more = new LinkedHashMap<>(devices);
                more.put(leaf.split("/")[1], said);
                yield new RemoteBox(place, state, meta, reported, more);
            }
        };
    }

    String id() {
        return place.substring(place.lastIndexOf('/') + 1);
    }

    boolean isOnline() {
        return text(state, "s").equals("online");
    }

    String software() {
        return text(meta, "sw");
    }

    /** Whether it takes states and signed commands. */
    boolean isOpen() {
        return text(meta, "cfg").equals("true");
    }

    boolean isIn(String group) {
        return groups().contains(group);
    }

    List<String> groups() {
        return list(meta, "groups").stream().map(String::valueOf).toList();
    }

    /** Revision of the state in force, 0 when it never had one. */
    long revision() {
        return number(on().isEmpty() ? reported : on(), "rev");
    }

    /** Hash of the state in force, empty when it never had one. */
    String hash() {
        return text(on().isEmpty() ? reported : on(), "hash");
    }

    private Map<String, @Nullable Object> on() {
        return object(reported, "on");
    }

    /** The revision that the last report is about. */
    long lastRevision() {
        return number(reported, "rev");
    }

    String lastHash() {
        return text(reported, "hash");
    }

    /** applied, trial, refused or reverted; empty when it never reported. */
    String outcome() {
        return text(reported, "s");
    }

    long sinceMs() {
        return number(reported, "t");
    }

    /** Why, each as place and reason. */
    List<String> why() {
        List<String> why = new ArrayList<>();
        for (Object each : list(reported, "why")) {
            if (each instanceof Map<?, ?> reason) {
                why.add(reason.get("at") + ": " + reason.get("what"));
            }
        }
        return why;
    }

    static String text(Map<String, @Nullable Object> of, String name) {
        Object value = of.get(name);
        return value instanceof String text ? text : "";
    }

    static long number(Map<String, @Nullable Object> of, String name) {
        String text = text(of, name);
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    static List<?> list(Map<String, @Nullable Object> of, String name) {
        return of.get(name) instanceof List<?> list ? list : List.of();
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> object(Map<String, @Nullable Object> of, String name) {
        return of.get(name) instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }
}
