package org.wasla.gateway.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a subscriber receives as a table of devices, for a terminal. Thread-safe. */
final class WardTable {
    private static final int VALUES_MAX = 4;
    /** A scanner tells whatever it likes under any name. */
    private static final int NAMES_MAX = 500;

    private static final int VALUE_WIDTH = 68;
    private final Map<String, Row> rows = new TreeMap<>();

    private static final class Row {
        String state = "";
        String values = "";
        String patient = "";
        String study = "";
        /** Of a scanner: names of what was told with a value. */
        final Set<String> told = new HashSet<>();

        boolean hasClosedStudy;
        long records;
        long lost;
        long lastMs;
    }

    synchronized void record(Received record) {
        Row row = rows.computeIfAbsent(record.device(), id -> new Row());
        row.records += record.numbers();
        row.lastMs = Math.max(row.lastMs, record.timeMs());
        if (!record.kind().equals("evt")) {
            row.patient = record.patient();
        }
        Received.Study study = record.study();
        if (study != null && record.kind().equals("evt")) {
            row.state = study.step();
            row.study = study.text();
            row.hasClosedStudy |= study.isClosed();
            return;
        }
        if (study != null && row.told.size() < NAMES_MAX) {
            record.values().forEach(value -> row.told.add(value.split(" ", 2)[0]));
        }
        boolean isShown = record.kind().equals("obs") || record.kind().equals("res") || row.values.isEmpty();
        if (isShown && !record.values().isEmpty()) {
            List<String> shown = record.values();
            String text = String.join("   ", shown.subList(0, Math.min(VALUES_MAX, shown.size())));
            String more = shown.size() > VALUES_MAX ? "   +" + (shown.size() - VALUES_MAX) : "";
            row.values = cut(text, VALUE_WIDTH - more.length()) + more;
        }
    }

    /** Numbers that the gateway declares lost. */
    synchronized void gap(Received.Gap gap) {
        rows.computeIfAbsent(gap.device(), id -> new Row()).lost += gap.to() - gap.from() + 1;
    }

    /** @return whether the newest values of the device are somebody's */
    synchronized boolean hasPatient(String device) {
        Row row = rows.get(device);
        return row != null && !row.patient.isEmpty();
    }

    /** @return whether a study of the scanner has come to its end */
    synchronized boolean hasClosedStudy(String device) {
        Row row = rows.get(device);
        return row != null && row.hasClosedStudy;
    }

    /** @return whether a scanner has told something under this name */
    synchronized boolean hasTold(String device, String name) {
        Row row = rows.get(device);
        return row != null && row.told.contains(name);
    }

    synchronized void state(String device, String state) {
        rows.computeIfAbsent(device, id -> new Row()).state = state;
    }

    /** @return the lines of the table, its head included */
    synchronized List<String> lines(long nowMs) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                "%-14s %-8s %8s %6s %6s  %-10s  %s",
                "device", "state", "records", "lost", "age s", "patient", "last values"));
        rows.forEach((id, row) -> lines.add(String.format(
                "%-14s %-8s %8d %6d %6s  %-10s  %s",
                cut(id, 14),
                row.state,
                row.records,
                row.lost,
                age(row, nowMs),
                row.patient.isEmpty() ? "nobody" : cut(row.patient, 10),
                row.study.isEmpty() ? row.values : cut(row.study + "   " + row.values, VALUE_WIDTH))));
        return lines;
    }

    private static String age(Row row, long nowMs) {
        return row.lastMs == 0 ? "-" : Long.toString(Math.max(0, (nowMs - row.lastMs) / 1000));
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "~";
    }
}
