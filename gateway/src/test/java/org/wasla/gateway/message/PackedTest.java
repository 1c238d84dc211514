package org.wasla.gateway.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Check;
import org.wasla.gateway.frame.NumberForm;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.frame.SizeField;
import org.wasla.gateway.frame.Sum;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.message.MessageSpec.Outcome;
import org.wasla.gateway.message.Parts.Packed;
import org.wasla.gateway.message.SeqField.Bits;
import org.wasla.gateway.message.SeqField.Delta;
import org.wasla.gateway.message.SeqField.Join;
import org.wasla.gateway.message.SeqField.Packing;

/** Samples that are packed: a wave that is unpacked wrongly still looks like one, so nothing half right may pass. */
class PackedTest {
    private static final NumberForm U2BE = new NumberForm(NumberForm.Kind.BE, 2);
    private static final SizeField COUNT = new SizeField(5, U2BE, 0);

    private static SeqField samples(String id, SeqForm form, int bytes) {
        List<Bits> bits =
                IntStream.range(0, bytes).mapToObj(i -> new Bits(8 + i, 255)).toList();
        return new SeqField(
                id,
                bits,
                form,
                new Repeat(Repeat.EOS, bytes, COUNT),
                Join.SAMPLES,
                List.of(new When(4, 255, bytes)),
                new Packing(COUNT, List.of(), 1));
    }

    /** As Mindray packs waves (bedside.md 2.2). */
    private static final Packed WAVES = new Packed(
            "waves",
            "ZMW|",
            "\r",
            List.of(new Check(new Sum.Internet(), 2, 0, 0, U2BE, false, Bytes.NONE)),
            new SeqGroup.Key(new SizeField(2, U2BE, 0), Map.of(1151L, "resp", 1171L, "art")),
            List.of(samples("samples", SeqForm.UNSIGNED, 1), samples("wide", SeqForm.SIGNED, 2)));

    private static final MessageSpec MESSAGE = new MessageSpec(
            "m", Pattern.compile("(?s)<(?<waves>.*)>"), List.of("waves"), WAVES, List.of(), List.of(), List.of(), null);

    private static Seq.Values values(Map<String, List<Integer>> waves) {
        return new Seq.Values() {
            @Override
            public boolean has(String name) {
                return waves.containsKey(name);
            }

            @Override
            public String of(String name, int occurrence, int count) {
                return Integer.toString(Objects.requireNonNull(waves.get(name)).get(occurrence));
            }

            @Override
            public int count() {
                return waves.values().iterator().next().size();
            }
        };
    }

    private static final List<Integer> RESP = List.of(0, 1, 127, 128, 254, 255, 90, 91);
    private static final List<Integer> ART = List.of(-300, -1, 0, 1, 127, 128, 255, 32767);
    private static final String BOTH = "<" + WAVES.text(values(Map.of("resp.samples", RESP, "art.wide", ART))) + ">";

    private static Outcome parse(String text) {
        return MESSAGE.parse(Bytes.latin1(text));
    }

    /** The head of a plethysmogram that a monitor sent: checksum, wave 1152, bytes of 1, 256 samples a second. */
    @Test
    void theHighBitsStandBehindTheirSeven() {
        Bytes sent = Bytes.hex("c9d3848081818089");
        Bytes plain = Bytes.hex("c9530480010100");
        assertEquals(plain, Pack7.unpack(sent));
        assertEquals(sent, Pack7.pack(plain.toArray()));
    }

    @Test
    void everyByteComesBackInEveryPlace() {
        for (int shift = 0; shift < 7; shift++) {
            byte[] plain = new byte[7 * 37];
            for (int i = 0; i < plain.length; i++) {
                plain[i] = (byte) (i + shift);
            }
            assertEquals(Bytes.of(plain), Pack7.unpack(Pack7.pack(plain)), "shift " + shift);
        }
    }

    @Test
    void whatIsNoWholeMarkedGroupIsRefused() {
        byte[] packed = Pack7.pack(new byte[] {1, 2, 3}).toArray();
        for (int cut = 0; cut < packed.length; cut++) {
            assertNull(Pack7.unpack(Bytes.of(packed, 0, cut)), "cut at " + cut);
            byte[] bare = packed.clone();
            bare[cut] &= 0x7f;
            assertNull(Pack7.unpack(Bytes.of(bare)), "no mark at " + cut);
        }
    }

    @Test
    void wavesTellTheirRateAndAreNamedByTheirKey() {
        assertEquals(
                new Outcome.Parsed(List.of(new Message(
                        "m",
                        List.of(
                                new Samples("resp.samples", RESP, Scale.rate(8), null),
                                new Samples("art.wide", ART, Scale.rate(8), null))))),
                parse(BOTH));
        assertEquals(2, WAVES.count(BOTH));
    }

    @Test
    void everyCutAndEveryFlippedBitIsDamageAndNoWave() {
        for (int cut = 1; cut < BOTH.length() - 1; cut++) {
            Outcome outcome = parse(BOTH.substring(0, cut) + ">");
            boolean isEmptyOrFirst = cut == 1 || BOTH.charAt(cut - 1) == '\r';
            assertEquals(isEmptyOrFirst, outcome instanceof Outcome.Parsed, "cut at " + cut);
        }
        for (int bit = 8; bit < 8 * (BOTH.length() - 1); bit++) {
            char[] flipped = BOTH.toCharArray();
            flipped[bit / 8] = (char) (flipped[bit / 8] ^ 1 << bit % 8);
            assertTrue(parse(new String(flipped)) instanceof Outcome.Damaged, "bit " + bit);
        }
        char[] wrong = BOTH.toCharArray();
        wrong[6] = (char) (wrong[6] ^ 1);
        assertEquals(new Outcome.Damaged(Fault.CHECKSUM), parse(new String(wrong)));
    }

    @Test
    void noiseBetweenTheMarksNeverThrowsAndIsNoWave() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            StringBuilder noise = new StringBuilder("<ZMW|");
            int length = 8 * random.nextInt(12) + (seed % 2 == 0 ? 0 : random.nextInt(8));
            for (int i = 0; i < length; i++) {
                noise.append((char) (seed % 3 == 0 ? random.nextInt(256) : 0x80 | random.nextInt(128)));
            }
            Outcome outcome = parse(noise.append("\r>").toString());
            assertTrue(outcome instanceof Outcome.Damaged, "seed " + seed + ": " + outcome);
        }
    }

    private static Delta delta(int at, int signAt, int signMask) {
        return new Delta(new Bits(at, 255), new Bits(signAt, signMask));
    }

    /** One lead of the packet of 12 that GE sends: a sample whole, four differences, their signs in words behind. */
    private static final SeqField LEAD = new SeqField(
            "lead",
            List.of(new Bits(1, 255), new Bits(0, 255)),
            SeqForm.SIGNED,
            new Repeat(Repeat.EOS, 8, null),
            Join.SAMPLES,
            List.of(),
            new Packing(null, List.of(delta(2, 6, 0x80), delta(3, 6, 0x40), delta(4, 7, 0x80), delta(5, 7, 0x40)), 4));

    private static List<Message.Field> lead(String hex) {
        MessageSpec spec = new MessageSpec("m", null, List.of(), null, List.of(), List.of(LEAD), List.of(), null);
        Outcome outcome = spec.parse(Bytes.hex(hex));
        return outcome instanceof Outcome.Parsed parsed
                ? parsed.messages().get(0).fields()
                : List.of();
    }

    @Test
    void differencesAddUpFromAWholeSample() {
        String block = "e803 01 02 ff 03 40 80";
        assertEquals(List.of(new Samples("lead", List.of(1000, 1004, 996, -24, -12))), lead(block));
        assertEquals(
                List.of(new Samples("lead", List.of(1000, 1004, 996, -24, -12, -1, -1, -1, -1, -1))),
                lead(block + "ffff 00 00 00 00 ff ff"));
        for (int bytes = 1; bytes < 8; bytes++) {
            assertEquals(
                    List.of(), lead("e80301 02ff03 4080".replace(" ", "").substring(0, 2 * bytes)), bytes + " bytes");
        }
    }

    @Test
    void aRateBehindTheEndIsDamage() {
        SeqField field = new SeqField(
                "x",
                List.of(new Bits(0, 255)),
                SeqForm.UNSIGNED,
                new Repeat(Repeat.EOS, 1, null),
                Join.SAMPLES,
                List.of(),
                new Packing(COUNT, List.of(), 1));
        assertTrue(field.read(Bytes.hex("00010203040005"), 0, 7, "", new ArrayList<>()));
        assertFalse(field.read(Bytes.hex("000102030400"), 0, 6, "", new ArrayList<>()));
    }

    @Test
    void differencesWithoutASignBitAreInTwosComplement() {
        SeqField field = new SeqField(
                "x",
                List.of(new Bits(0, 255)),
                SeqForm.UNSIGNED,
                new Repeat(1, 2, null),
                Join.SAMPLES,
                List.of(),
                new Packing(null, List.of(new Delta(new Bits(1, 0xf0), null), new Delta(new Bits(1, 0x0f), null)), 1));
        List<Message.Field> fields = new ArrayList<>();
        assertTrue(field.read(Bytes.hex("64 f7"), 0, 2, "", fields));
        assertEquals(List.of(new Samples("x", List.of(100, 99, 106))), fields);
    }

    @Test
    void simulatedDifferencesAreReadBack() {
        List<Integer> wave = List.of(0, 400, -400, -404, 0, 32_000, 32_004, 31_000, 31_000, 30_000);
        byte[] frame = new byte[16];
        Seq.Values values = values(Map.of("lead", wave));
        new SeqField("lead", LEAD.bits(), LEAD.form(), new Repeat(2, 8, null), Join.SAMPLES, List.of(), LEAD.packing())
                .write(frame, 0, "", values);
        assertEquals(List.of(new Samples("lead", wave)), lead(Bytes.of(frame).toString()));
    }
}
