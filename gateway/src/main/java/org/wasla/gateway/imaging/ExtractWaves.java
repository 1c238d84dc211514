package org.wasla.gateway.imaging;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetJson;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.RecordBody.Wave;

/**
 * Waveforms (PS3.3 C.10.9) as records carry them, and what the device or a reader noted on them (C.10.10). Pure.
 *
 * <p>A sample is worth sample * sensitivity * correction + baseline, in the unit of the sensitivity.
 */
final class ExtractWaves {
    /** Samples in one record. */
    static final int SAMPLES_MAX = 5_000;

    private static final int GROUPS = 0x5400_0100;
    private static final int CHANNELS = 0x003a_0200;
    private static final int SOURCE = 0x003a_0208;
    private static final int SENSITIVITY = 0x003a_0210;
    private static final int SENSITIVITY_UNITS = 0x003a_0211;
    private static final int CORRECTION = 0x003a_0212;
    private static final int BASELINE = 0x003a_0213;
    private static final int FREQUENCY = 0x003a_001a;
    private static final int GROUP_LABEL = 0x003a_0020;
    private static final int ANNOTATIONS = 0x0040_b020;
    private static final int CONCEPT = 0x0040_a043;
    private static final int CODE = 0x0040_a168;
    private static final int NUMERIC_VALUE = 0x0040_a30a;
    private static final int UNITS = 0x0040_08ea;
    private static final int TEXT = 0x0070_0006;

    /** What is told of a channel as it was sent. */
    private static final Map<String, Integer> FACTS = new LinkedHashMap<>();

    /** Leads of an ECG as SCP-ECG numbers them, and ISO/IEEE 11073 after it. */
    private static final Pattern SCP_LEAD = Pattern.compile("5\\.6\\.3-9-(\\d{1,2})");

    private static final int MDC_ECG_POTENTIAL = 131_328;
    private static final int MDC_ECG_LEAD = 131_072;
    private static final int POTENTIALS = 256;
    private static final int SOP_CLASS = 0x0008_0016;
    private static final String ECG_CLASSES = "1.2.840.10008.5.1.4.1.1.9.1.";

    /** What cannot be: an interval of no length; and what SCP-ECG says where nothing was computed. */
    private static final Pattern NOT_MEASURED = Pattern.compile("0+(\\.0*)?|29999|29998|19999");

    private static final Set<String> INTERVALS = Set.of("ecg-rr", "ecg-pp", "ecg-pr", "ecg-qrs", "ecg-qt", "ecg-qtc");

    static {
        FACTS.put("label", 0x003a_0203);
        FACTS.put("sensitivity", SENSITIVITY);
        FACTS.put("skew", 0x003a_0215);
        FACTS.put("bits", 0x003a_021a);
        FACTS.put("low-cut", 0x003a_0220);
        FACTS.put("high-cut", 0x003a_0221);
        FACTS.put("notch", 0x003a_0222);
    }

    private ExtractWaves() {}

    static List<ExtractChannel> channels(DataSet data) {
        List<ExtractChannel> channels = new ArrayList<>();
        String sopClass = data.text(SOP_CLASS);
        boolean isEcg = sopClass != null && sopClass.startsWith(ECG_CLASSES);
        List<DataSet> groups = data.items(GROUPS);
        for (int g = 0; g < groups.size(); g++) {
            DataSet group = groups.get(g);
            ExtractSamples samples = ExtractSamples.of(group);
            List<DataSet> definitions = group.items(CHANNELS);
            // Where the definitions are not as many as the channels nobody says which is whose.
            boolean agrees = samples != null && samples.channels() == definitions.size();
            for (int i = 0; i < definitions.size(); i++) {
                channels.add(channel(new Group(group, g + 1, isEcg), definitions.get(i), agrees ? samples : null, i));
            }
        }
        return List.copyOf(channels);
    }

    /** A multiplex group, counted from 1. */
    private record Group(DataSet data, int number, boolean isEcg) {}

    private static ExtractChannel channel(Group of, DataSet definition, @Nullable ExtractSamples samples, int channel) {
        DataSet group = of.data();
        Map<String, String> facts = new LinkedHashMap<>();
        ExtractCode source = ExtractCode.of(definition, SOURCE);
        facts.put("group", String.valueOf(of.number()));
        ExtractFacts.put(facts, "group-label", group.text(GROUP_LABEL));
        ExtractFacts.put(facts, "originality", group.text(0x003a_0004));
        ExtractFacts.put(facts, "source", source == null ? null : source.spoken());
        ExtractFacts.put(facts, "hz", group.text(FREQUENCY));
        FACTS.forEach((name, tag) -> ExtractFacts.put(facts, name, definition.text(tag)));
        String hz = DataSetJson.digits(String.valueOf(group.text(FREQUENCY)));
        List<Wave> waves = new ArrayList<>();
        BigDecimal rate = decimal(group.text(FREQUENCY), null);
        if (samples != null && rate != null && rate.signum() > 0) {
            ExtractUnit unit = ExtractUnit.of(ExtractCode.of(definition, SENSITIVITY_UNITS));
            Meaning what = meaning(source, of, channel, unit);
            Scale scale = scale(definition, hz, samples, unit.ucum());
            for (int from = 0; from < samples.count(); from += SAMPLES_MAX) {
                waves.add(piece(what, scale, samples, channel, from));
            }
        }
        return new ExtractChannel(facts, waves);
    }

    private static Wave piece(Meaning what, Scale scale, ExtractSamples samples, int channel, int from) {
        int to = Math.min(samples.count(), from + SAMPLES_MAX);
        List<Integer> values = new ArrayList<>(to - from);
        List<Wave.Gap> gaps = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Integer sample = samples.at(channel, i);
            Wave.Gap last = gaps.isEmpty() ? null : gaps.get(gaps.size() - 1);
            if (sample != null) {
                values.add(sample);
            } else if (last != null && last.first() + last.count() == i) {
                gaps.set(gaps.size() - 1, new Wave.Gap(last.first(), last.count() + 1));
            } else {
                gaps.add(new Wave.Gap(i, 1));
            }
        }
        boolean startsMissing = !gaps.isEmpty() && gaps.get(0).first() == from;
        long first = startsMissing ? (long) from + gaps.get(0).count() : from;
        return new Wave(what, scale, first, values, gaps, null);
    }

    private static Meaning meaning(@Nullable ExtractCode source, Group of, int channel, ExtractUnit unit) {
        String label = source == null ? of.number() + "." + (channel + 1) : source.id();
        Integer code = source == null ? null : source.mdc();
        String name = of.isEcg() && code != null ? mdcLead(code) : null;
        Matcher lead = SCP_LEAD.matcher(source == null ? "" : source.value());
        if (source != null && source.scheme().equals("SCPECG") && lead.matches()) {
            int scp = Integer.parseInt(lead.group(1));
            name = lead(scp);
            code = name == null ? null : Integer.valueOf(MDC_ECG_POTENTIAL + scp);
        }
        return new Meaning(
                label, label, code, name, null, unit.ucum(), of.data().text(GROUP_LABEL));
    }

    /** Leads of ISO/IEEE 11073-10102 are numbered as those of SCP-ECG; potentials of electrodes 256 further. */
    private static @Nullable String mdcLead(int code) {
        int number = code - MDC_ECG_LEAD;
        return number < 0 ? null : lead(number < POTENTIALS ? number : number - POTENTIALS);
    }

    /** @return our name of the lead that SCP-ECG gives this number, or null */
    private static @Nullable String lead(int number) {
        return switch (number) {
            case 1 -> "ecg-i";
            case 2 -> "ecg-ii";
            case 3, 4, 5, 6, 7, 8 -> "ecg-v" + (number - 2);
            case 61 -> "ecg-iii";
            case 62 -> "ecg-avr";
            case 63 -> "ecg-avl";
            case 64 -> "ecg-avf";
            default -> null;
        };
    }

    private static Scale scale(DataSet definition, String hz, ExtractSamples samples, @Nullable String unit) {
        BigDecimal factor = decimal(definition.text(SENSITIVITY), null);
        BigDecimal correction = decimal(definition.text(CORRECTION), BigDecimal.ONE);
        BigDecimal baseline = decimal(definition.text(BASELINE), BigDecimal.ZERO);
        if (factor == null || correction == null || baseline == null) {
            String low = Integer.toString(samples.low());
            return new Scale(hz, low, Integer.toString(samples.high()), samples.low(), samples.high(), null);
        }
        BigDecimal step = factor.multiply(correction);
        return new Scale(
                hz,
                worth(samples.low(), step, baseline),
                worth(samples.high(), step, baseline),
                samples.low(),
                samples.high(),
                unit);
    }

    private static String worth(int sample, BigDecimal step, BigDecimal baseline) {
        BigDecimal worth =
                step.multiply(BigDecimal.valueOf(sample)).add(baseline).stripTrailingZeros();
        return (worth.scale() < 0 ? worth.setScale(0) : worth).toPlainString();
    }

    /** @param otherwise what holds where there is none; null: nothing does, and a text that is no number is none */
    private static @Nullable BigDecimal decimal(@Nullable String text, @Nullable BigDecimal otherwise) {
        String digits = text == null ? "" : DataSetJson.digits(text);
        boolean isSmall = digits.length() <= 20 && !digits.matches(".*[eE][+-]?\\d{3,}");
        return text == null ? otherwise : digits.isEmpty() || !isSmall ? null : new BigDecimal(digits);
    }

    /** @return measurements and words on the waveforms, in the order of the object */
    static List<ExtractMeasure> annotations(DataSet data) {
        List<ExtractMeasure> measures = new ArrayList<>();
        List<DataSet> annotations = data.items(ANNOTATIONS);
        for (int i = 0; i < annotations.size(); i++) {
            DataSet item = annotations.get(i);
            ExtractCode what = ExtractCode.of(item, CONCEPT);
            ExtractCode code = ExtractCode.of(item, CODE);
            String text = item.text(TEXT);
            ExtractMeasure.Value value = null;
            if (item.element(NUMERIC_VALUE) != null) {
                ExtractUnit unit = ExtractUnit.of(ExtractCode.of(item, UNITS));
                value = ExtractReport.number(item.text(NUMERIC_VALUE), unit, null);
            } else if (code != null) {
                value = new ExtractMeasure.Value.Coded(code);
            } else if (text != null) {
                value = new ExtractMeasure.Value.Words(text);
            }
            if (value != null) {
                ExtractCode named = what != null ? what : new ExtractCode("DICOM", "00700006", "UnformattedTextValue");
                String name = ExtractConcepts.of(named).name();
                String sent = item.text(NUMERIC_VALUE);
                if (name != null
                        && INTERVALS.contains(name)
                        && sent != null
                        && NOT_MEASURED.matcher(sent).matches()) {
                    value = new ExtractMeasure.Value.Missing("not-measured", sent);
                }
                Map<String, String> context = new LinkedHashMap<>();
                ExtractFacts.put(context, "annotation-group", item.text(0x0040_a180));
                String at = String.valueOf(i + 1);
                measures.add(new ExtractMeasure(at, named, name, value, List.of(), context));
            }
        }
        return List.copyOf(measures);
    }
}
