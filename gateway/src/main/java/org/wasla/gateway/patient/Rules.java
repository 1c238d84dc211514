package org.wasla.gateway.patient;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.patient.Association.How;
import org.wasla.gateway.patient.Association.Source;
import org.wasla.gateway.patient.Association.State;

/** What scans, typed numbers, messages and silence mean for associations (design, section 8). Stateless; times UTC in ms. */
public final class Rules {
    private Rules() {}

    /**
     * A wristband and then a device were scanned. The device was put on this patient, so it is on nobody else any more.
     *
     * @param who pseudonym of who scanned, or null
     */
    public static List<Association> scanned(
            Associations known, String device, String ref, @Nullable String who, long nowMs) {
        List<Association> versions = new ArrayList<>();
        for (Association each : said(known, device)) {
            boolean isSame = each.ref().equals(ref) && each.isValidated();
            if (isSame && each.how() == How.SCANNED) {
                return List.of();
            }
            if (!isSame) {
                versions.add(each.ended(nowMs, nowMs));
            }
        }
        versions.add(new Association(
                known.freshId(0),
                device,
                ref,
                State.F,
                Source.SCANNER,
                How.SCANNED,
                who,
                null,
                nowMs,
                Association.OPEN,
                nowMs));
        return versions;
    }

    /** The device is on nobody any more from a moment on, but for what the hospital says of the bed. */
    public static List<Association> ended(Associations known, String device, long atMs, long nowMs) {
        return said(known, device).stream().map(each -> each.ended(atMs, nowMs)).toList();
    }

    /** Whether somebody said that the device is on a patient, and nobody that it is off. */
    public static boolean isOn(Associations known, String device) {
        return !said(known, device).isEmpty();
    }

    private static List<Association> said(Associations known, String device) {
        return known.ofDevice(device).stream()
                .filter(each -> each.isOpen() && each.source() != Source.ADT)
                .toList();
    }

    /**
     * A number was typed on the device and came with its values. It is validated only when the hospital has a patient of
     * that number; a mistyped one attributes nothing.
     *
     * @param ref null: the device says that no patient is entered any more
     */
    public static List<Association> typed(
            Associations known, String device, @Nullable String ref, boolean isAdmitted, long nowMs) {
        List<Association> versions = new ArrayList<>();
        boolean isKnown = false;
        for (Association each : said(known, device)) {
            if (each.source() != Source.DEVICE) {
                continue;
            }
            boolean isSame = each.ref().equals(ref);
            isKnown |= isSame;
            if (!isSame) {
                versions.add(each.ended(nowMs, nowMs));
            } else if (isAdmitted && !each.isValidated()) {
                versions.add(each.as(State.F, nowMs));
            }
        }
        if (ref != null && !isKnown) {
            versions.add(new Association(
                    known.freshId(0),
                    device,
                    ref,
                    isAdmitted ? State.F : State.R,
                    Source.DEVICE,
                    How.TYPED,
                    null,
                    null,
                    nowMs,
                    Association.OPEN,
                    nowMs));
        }
        return versions;
    }

    /**
     * The platform says that a device is on a patient. Unlike a scan that ends nothing: nobody stands at the bed to see
     * which of two holds, so that a device that is on another patient has to be taken off first.
     *
     * @param who pseudonym of who says so, or null
     * @param fromMs since when
     */
    public static Ruling ordered(
            Associations known, String device, String ref, @Nullable String who, long fromMs, long nowMs) {
        for (Association each : known.ofDevice(device)) {
            boolean counts = each.source() != Source.ADT && each.holds() && each.isValidated() && each.endMs() > fromMs;
            if (counts && !each.ref().equals(ref)) {
                return Ruling.refused("the device is, or was since then, on another patient; end that first");
            }
            if (counts && each.isOpen() && each.beginMs() <= fromMs) {
                return Ruling.of(List.of());
            }
        }
        return Ruling.of(List.of(new Association(
                known.freshId(0),
                device,
                ref,
                State.F,
                Source.COMMAND,
                How.TYPED,
                who,
                null,
                fromMs,
                Association.OPEN,
                nowMs)));
    }

    /** A message about an association: its state is the sender's to change, its interval too. */
    public static Ruling reported(Associations known, PcimReport report, long nowMs) {
        if (report.endMs() < report.beginMs()) {
            return Ruling.refused("the association ends before it begins");
        }
        Optional<Association> same = byForeign(known, report);
        if (report.isEnd()) {
            return end(known, report, same, nowMs);
        }
        if (report.state() == State.D || report.state() == State.W) {
            return same.isEmpty()
                    ? Ruling.refused("no such association")
                    : once(same.get(), same.get().as(report.state(), nowMs));
        }
        if (same.isEmpty()) {
            return Ruling.of(List.of(version(known.freshId(0), report, nowMs)));
        }
        // A late copy of what was asserted takes nothing back that was validated since.
        boolean isStale = report.state() == State.R && same.get().state() != State.R;
        return isStale
                ? Ruling.of(List.of())
                : once(same.get(), version(same.get().id(), report, nowMs));
    }

    private static Ruling end(Associations known, PcimReport report, Optional<Association> same, long nowMs) {
        Predicate<Association> isMeant = each ->
                each.isOpen() && each.source() != Source.ADT && each.ref().equals(report.ref());
        List<Association> open = same.map(List::of)
                .orElseGet(() ->
                        known.ofDevice(report.device()).stream().filter(isMeant).toList());
        if (open.isEmpty()) {
            return Ruling.refused("the device is not associated with this patient");
        }
        // An end that is only asserted, or taken back, ends nothing.
        boolean counts = report.state() == State.F || report.state() == State.C;
        long atMs = report.endMs() == Association.OPEN ? report.beginMs() : report.endMs();
        return Ruling.of(
                counts
                        ? open.stream()
                                .filter(each -> each.endMs() != atMs)
                                .map(each -> each.ended(atMs, nowMs))
                                .toList()
                        : List.of());
    }

    private static Optional<Association> byForeign(Associations known, PcimReport report) {
        return known.all().stream()
                .filter(each -> each.foreign() != null
                        && each.device().equals(report.device())
                        && (each.foreign().equals(report.foreign())
                                || each.foreign().equals(report.parent())))
                .max(Comparator.comparing(Association::isOpen));
    }

    private static Association version(String id, PcimReport report, long nowMs) {
        return new Association(
                id,
                report.device(),
                report.ref(),
                report.state(),
                Source.PCIM,
                How.TYPED,
                report.who(),
                report.parent() == null ? report.foreign() : report.parent(),
                report.beginMs(),
                report.endMs(),
                nowMs);
    }

    /** The same message a second time adds nothing. */
    private static Ruling once(Association before, Association next) {
        Association alike = next.during(next.beginMs(), next.endMs(), before.recordedMs());
        return Ruling.of(alike.equals(before) ? List.of() : List.of(next));
    }

    /**
     * The site's key was changed: what lasts goes on under the new pseudonyms from now on, what is over keeps the old one.
     * An association whose patient was erased ends.
     *
     * @param renewed gives the new pseudonym of an old one, empty where nobody knows whose it was
     * @param isCurrent whether a pseudonym was made with the newest key
     */
    public static List<Association> rekeyed(
            Associations known, Predicate<String> isCurrent, Function<String, Optional<String>> renewed, long nowMs) {
        List<Association> versions = new ArrayList<>();
        int fresh = 0;
        for (Association each : known.all()) {
            if (!each.isOpen() || isCurrent.test(each.ref())) {
                continue;
            }
            versions.add(each.ended(nowMs, nowMs));
            Optional<String> ref = renewed.apply(each.ref());
            if (ref.isPresent()) {
                versions.add(new Association(
                        known.freshId(fresh++),
                        each.device(),
                        ref.get(),
                        each.state(),
                        each.source(),
                        each.how(),
                        each.who(),
                        each.foreign(),
                        Math.max(nowMs, each.beginMs()),
                        Association.OPEN,
                        nowMs));
            }
        }
        return versions;
    }
}
