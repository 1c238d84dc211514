package org.wasla.gateway.patient;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who lies where by the hospital's messages. Immutable. It is the same in whatever order the messages came, since every
 * patient's beds follow from all events in the order of their times.
 */
public final class AdtPicture {
    public static final AdtPicture NONE = new AdtPicture(Map.of());
    /** Beyond this the patients without a bed go, the longest unheard first. */
    private static final int PERSONS_MAX = 5_000;

    private final Map<String, Person> persons;
    private final Map<String, String> survivors = new HashMap<>();
    private final Map<String, Set<String>> refsByValue = new HashMap<>();

    private AdtPicture(Map<String, Person> persons) {
        this.persons = persons;
        for (Person person : persons.values()) {
            person.absorbed().forEach(ref -> survivors.put(ref, person.ref()));
            for (PatientId id : person.ids()) {
                refsByValue
                        .computeIfAbsent(id.value(), value -> new HashSet<>())
                        .add(person.ref());
            }
        }
    }

    public static AdtPicture of(Collection<Person> persons) {
        Map<String, Person> all = new HashMap<>();
        persons.forEach(person -> all.put(person.ref(), person));
        return new AdtPicture(all);
    }

    /**
     * The picture after an event.
     *
     * @param person the patient of the event as he stands now
     * @param gone pseudonyms that the picture knows no more by themselves: merged, or too many
     */
    public record Update(AdtPicture picture, Person person, List<String> gone) {
        public Update {
            gone = List.copyOf(gone);
        }
    }

    /** @param refs gives a number its pseudonym */
    public Update with(AdtEvent event, Function<PatientId, String> refs) {
        Map<String, Person> next = new HashMap<>(persons);
        String ref = survivor(refs.apply(event.patient()));
        Person known = next.getOrDefault(
                ref, new Person(ref, List.of(event.patient()), AdtEvent.Demographics.NONE, List.of(), List.of()));
        Person person = known.with(event);
        List<String> gone = new ArrayList<>();
        if (event.merged() != null) {
            String merged = survivor(refs.apply(event.merged()));
            if (!merged.equals(ref)) {
                Person other = next.remove(merged);
                person = person.absorbing(
                        other != null
                                ? other
                                : new Person(
                                        merged,
                                        List.of(event.merged()),
                                        AdtEvent.Demographics.NONE,
                                        List.of(),
                                        List.of()));
                gone.add(merged);
            }
        }
        next.put(ref, person);
        if (next.size() > PERSONS_MAX) {
            forget(next, ref).ifPresent(gone::add);
        }
        return new Update(new AdtPicture(next), person, gone);
    }

    private static Optional<String> forget(Map<String, Person> persons, String kept) {
        Optional<String> oldest = persons.values().stream()
                .filter(person -> person.bed() == null && !person.ref().equals(kept))
                .min(Comparator.comparingLong(Person::newestMs))
                .map(Person::ref);
        oldest.ifPresent(persons::remove);
        return oldest;
    }

    public AdtPicture without(String ref) {
        Map<String, Person> next = new HashMap<>(persons);
        next.remove(ref);
        return new AdtPicture(next);
    }

    /** The pseudonym that stands for this one since numbers were merged. */
    public String survivor(String ref) {
        return survivors.getOrDefault(ref, ref);
    }

    public Optional<Person> get(String ref) {
        return Optional.ofNullable(persons.get(survivor(ref)));
    }

    public Collection<Person> persons() {
        return persons.values();
    }

    /**
     * The patient of a number as it was scanned or typed. A number without an authority is that of the one patient who has
     * it; where two have it nobody is meant.
     *
     * @return the pseudonym, or null
     */
    public @Nullable String find(PatientId id, Function<PatientId, String> refs) {
        if (!id.authority().isEmpty()) {
            String ref = survivor(refs.apply(id));
            if (persons.containsKey(ref)) {
                return ref;
            }
        }
        Set<String> found = new HashSet<>();
        for (String ref : refsByValue.getOrDefault(id.value(), Set.of())) {
            Person person = persons.get(ref);
            boolean fits = person != null
                    && person.ids().stream()
                            .anyMatch(each -> each.value().equals(id.value())
                                    && (id.authority().isEmpty()
                                            || each.authority().equals(id.authority())));
            if (fits) {
                found.add(ref);
            }
        }
        return found.size() == 1 ? found.iterator().next() : null;
    }

    /** Whether several patients have the number, so that it names nobody. */
    public boolean isAmbiguous(PatientId id) {
        return id.authority().isEmpty()
                && refsByValue.getOrDefault(id.value(), Set.of()).size() > 1;
    }

    /** Those who lie in a bed now. */
    public List<Person> inBed(String bed) {
        return persons.values().stream()
                .filter(person -> bed.equals(person.bed()))
                .toList();
    }
}
