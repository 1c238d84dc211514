package org.wasla.gateway.patient;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.wasla.gateway.patient.AdtEvent.Trigger;
import org.wasla.gateway.patient.Association.How;
import org.wasla.gateway.patient.Association.Source;
import org.wasla.gateway.patient.Association.State;

/**
 * What a message of the hospital means for associations: a bed is a weak statement about its devices (state R), and a
 * patient who leaves takes every statement with him. Stateless.
 */
public final class AdtRules {
    private AdtRules() {}

    /**
     * The versions to add.
     *
     * @param update the picture after the event
     * @param beds devices and the beds they stand at
     * @param nowMs UTC
     */
    public static List<Association> changes(
            Associations known, AdtPicture.Update update, AdtEvent event, Map<String, String> beds, long nowMs) {
        List<Association> versions = new ArrayList<>();
        Person person = update.person();
        for (String merged : update.gone()) {
            if (person.absorbed().contains(merged)) {
                versions.addAll(merged(known, merged, person.ref(), nowMs));
            }
        }
        Associations merged = known.with(versions);
        versions.addAll(left(merged, person.ref(), event, beds, nowMs));
        Associations ended = known.with(versions);
        for (Map.Entry<String, String> device : beds.entrySet()) {
            versions.addAll(fitted(ended, known.with(versions), device.getKey(), device.getValue(), person, nowMs));
        }
        return versions;
    }

    /** What was said of the number that is no more is said of the other one from now on; what has ended stays as it was. */
    private static List<Association> merged(Associations known, String from, String to, long nowMs) {
        List<Association> versions = new ArrayList<>();
        for (Association each : known.ofPatient(from)) {
            if (each.isOpen()) {
                versions.add(each.of(to, each.isValidated() ? State.C : each.state(), nowMs));
            }
        }
        return versions;
    }

    /** Who is discharged, or moved to another bed, has left the devices that were on him before. */
    private static List<Association> left(
            Associations known, String ref, AdtEvent event, Map<String, String> beds, long nowMs) {
        boolean isMove = event.trigger() == Trigger.A02 || event.trigger() == Trigger.A17;
        if (!isMove && event.trigger() != Trigger.A03) {
            return List.of();
        }
        List<Association> versions = new ArrayList<>();
        for (Association each : known.ofPatient(ref)) {
            boolean wasOn = each.holds() && each.beginMs() < event.eventMs() && event.eventMs() < each.endMs();
            boolean comesAlong = isMove && event.bed() != null && event.bed().equals(beds.get(each.device()));
            if (wasOn && each.source() != Source.ADT && !comesAlong) {
                versions.add(each.ended(event.eventMs(), nowMs));
            }
        }
        return versions;
    }

    /** Brings the weak statements about one device into line with the stays at its bed. */
    private static List<Association> fitted(
            Associations known, Associations named, String device, String bed, Person person, long nowMs) {
        List<Association> versions = new ArrayList<>();
        List<Association> old = new ArrayList<>(known.ofDevice(device).stream()
                .filter(each -> each.source() == Source.ADT
                        && each.holds()
                        && each.ref().equals(person.ref()))
                .sorted(Comparator.comparingLong(Association::beginMs))
                .toList());
        int fresh = 0;
        for (Person.Stay stay : person.stays()) {
            if (!stay.bed().equals(bed)) {
                continue;
            }
            Association same = old.stream()
                    .filter(each -> each.beginMs() < stay.toMs() && stay.fromMs() < each.endMs()
                            || each.beginMs() == stay.fromMs())
                    .findFirst()
                    .orElse(null);
            if (same == null) {
                versions.add(new Association(
                        named.freshId(fresh++),
                        device,
                        person.ref(),
                        State.R,
                        Source.ADT,
                        How.ADT_LOCATION,
                        null,
                        null,
                        stay.fromMs(),
                        stay.toMs(),
                        nowMs));
                continue;
            }
            old.remove(same);
            if (same.beginMs() != stay.fromMs() || same.endMs() != stay.toMs()) {
                versions.add(same.during(stay.fromMs(), stay.toMs(), nowMs));
            }
        }
        old.stream()
                .filter(each -> each.beginMs() >= person.oldestMs())
                .forEach(each -> versions.add(each.as(State.D, nowMs)));
        return versions;
    }
}
