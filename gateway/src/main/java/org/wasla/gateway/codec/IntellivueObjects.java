package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.IntellivueApdu.Attribute;
import org.wasla.gateway.codec.IntellivueApdu.Instance;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;

/**
 * Turns polled objects into fields, and remembers of each object, by its handle, what is sent from time to time only:
 * label, unit, scale (bedside.md 2.1). A field is named by its physiological id in decimal, {@code 19384}; where one
 * poll holds several objects of the same id, the label follows, {@code 18944/P1}. One thread.
 */
final class IntellivueObjects {
    /** Far more than a monitor has; then it is forgotten what is no longer sent. */
    private static final int HANDLES_MAX = 2_000;

    private static final int LABEL = 0x0927;
    private static final int MODEL = 0x0928;
    private static final int NUMBER = 0x0950;
    private static final int NUMBERS = 0x094B;
    private static final int MEASURED_AT = 0x0990;
    private final Map<Integer, String> units;
    private final Map<Integer, String> labels = new HashMap<>();
    private final Map<Integer, IntellivueWave> waves = new HashMap<>();
    private final Map<Integer, Owner> owners = new HashMap<>();
    private final Set<Integer> shared = new HashSet<>();

    /** Which object had an id last, and at which relative time. */
    private record Owner(int handle, long time) {}

    /** @param units UCUM units by the monitor's unit codes */
    IntellivueObjects(Map<Integer, String> units) {
        this.units = Map.copyOf(units);
    }

    /** A new association: handles may mean other objects now. */
    void forget() {
        labels.clear();
        waves.clear();
        owners.clear();
        shared.clear();
    }

    /** @return what the unit says, or null when a value in it has a wrong length: then nothing is remembered of it */
    @Nullable
    List<Field> fields(IntellivueApdu apdu) {
        List<Reading> readings = new ArrayList<>();
        for (Instance object : apdu.objects()) {
            Reading reading = new Reading(object, waves.get(object.handle()));
            if (!reading.isSound()) {
                return null;
            }
            readings.add(reading);
        }
        if (labels.size() + waves.size() > HANDLES_MAX) {
            forget();
        }
        readings.forEach(reading -> remember(reading, apdu));
        List<Field> fields = new ArrayList<>();
        String time = time(apdu.wallClock());
        if (time != null) {
            fields.add(new Item("time", time));
        }
        readings.forEach(reading -> add(reading, apdu.time(), fields));
        return fields;
    }

    private void remember(Reading reading, IntellivueApdu apdu) {
        if (reading.label != null) {
            labels.put(reading.handle, reading.label);
        }
        if (apdu.of() == IntellivueApdu.WAVES) {
            waves.put(reading.handle, reading.wave);
        }
        for (int id : reading.ids()) {
            Owner before = owners.put(id, new Owner(reading.handle, apdu.time()));
            if (before != null && before.handle() != reading.handle && before.time() == apdu.time()) {
                shared.add(id);
            }
        }
    }

    private void add(Reading reading, long time, List<Field> fields) {
        boolean measured = false;
        for (Number number : reading.numbers) {
            fields.add(item(number, reading.handle));
            measured |= number.text() != null && !IntellivueState.hidesValue(number.state());
        }
        if (measured && reading.measuredAt != null) {
            fields.add(new Item(name(reading.numbers.get(0).id(), reading.handle) + ".time", reading.measuredAt));
        }
        if (!reading.samples.isEmpty()) {
            fields.addAll(reading.wave.fields(reading.samples, time, units, id -> name(id, reading.handle)));
        }
        fields.addAll(reading.others);
    }

    private String name(int id, int handle) {
        return shared.contains(id) ? id + "/" + labels.getOrDefault(handle, "" + (handle & 0xffff)) : "" + id;
    }

    private Item item(Number number, int handle) {
        String flag = IntellivueState.flag(number.state());
        String text = number.text();
        if (text == null && !IntellivueState.hidesValue(number.state())) {
            flag = number.absence();
        }
        return new Item(name(number.id(), handle), text == null ? "" : text, unit(units, number.unit()), flag);
    }

    /** A unit that the table does not know is told by its code, as an annotation of UCUM: never another unit. */
    static String unit(Map<Integer, String> units, int code) {
        return units.getOrDefault(code, "{unit-" + code + "}");
    }

    /** @return the date and time that eight BCD bytes show, or null; 20 26 06 16 08 00 04 12 is 2026-06-16 08:00:04 */
    private static @Nullable String time(Bytes bcd) {
        String digits = bcd.toString();
        if (digits.length() != 16 || !digits.chars().allMatch(Character::isDigit)) {
            return null;
        }
        return digits.replaceAll("(....)(..)(..)(..)(..)(..)..", "$1-$2-$3 $4:$5:$6");
    }

    /** @param text the number, or null when there is none: then {@code absence} is the flag */
    private record Number(
            int id, int state, int unit, @Nullable String text, String absence) {}

    /** What one object of one poll says, before anything of it is remembered. */
    private static final class Reading {
        private final int handle;
        private final List<Number> numbers = new ArrayList<>();
        private final List<Field> others = new ArrayList<>();
        private final List<IntellivueWave.Run> samples = new ArrayList<>();
        private final IntellivueWave wave;
        private @Nullable String label;
        private @Nullable String measuredAt;
        private boolean sound = true;

        Reading(Instance object, @Nullable IntellivueWave known) {
            handle = object.handle();
            wave = known == null ? new IntellivueWave() : known.copy();
            for (Attribute attribute : object.attributes()) {
                Cursor in = new Cursor(attribute.value());
                read(attribute, in);
                sound &= in.isSound();
            }
            sound &= samples.stream().allMatch(wave::fits);
        }

        boolean isSound() {
            return sound;
        }

        List<Integer> ids() {
            List<Integer> ids = new ArrayList<>();
            numbers.forEach(number -> ids.add(number.id()));
            samples.forEach(run -> ids.add(run.id()));
            return ids;
        }

        private void read(Attribute attribute, Cursor in) {
            switch (attribute.id()) {
                case LABEL -> label = IntellivueAlarms.string(in);
                case MODEL -> others.add(new Item("model", model(in)));
                case NUMBER -> {
                    numbers.add(number(in));
                    in.end();
                }
                case NUMBERS -> numbers(in);
                case MEASURED_AT -> measuredAt = time(attribute.value());
                case IntellivueAlarms.PATIENT, IntellivueAlarms.TECHNICAL ->
                    others.add(IntellivueAlarms.read(attribute.id(), in));
                default -> wave.read(attribute.id(), in, samples);
            }
        }

        /** Maker and model, each with its length; what follows a zero is filling. */
        private static String model(Cursor in) {
            String maker = in.take(in.u2()).latin1();
            String model = in.take(in.u2()).latin1();
            in.end();
            return (maker.replace('\0', ' ').strip() + " " + model.replace('\0', ' ')).strip();
        }

        private void numbers(Cursor in) {
            int count = in.u2();
            Cursor list = in.part(in.u2());
            in.end();
            for (int i = 0; i < count && list.isSound(); i++) {
                numbers.add(number(list));
            }
            list.end();
        }

        private static Number number(Cursor in) {
            int id = in.u2();
            int state = in.u2();
            int unit = in.u2();
            long bits = in.u4();
            String text = IntellivueFloat.isPlausible(bits) ? IntellivueFloat.text(bits) : null;
            return new Number(id, state, unit, text, IntellivueFloat.flag(bits));
        }
    }
}
