package org.wasla.gateway.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.wasla.gateway.frame.NumberForm.Kind;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.frame.Piece.Frame;
import org.wasla.gateway.frame.Piece.Noise;

/** The framings of the fact sheets (bedside.md 2 and 3.1), with frames written by hand from their examples. */
final class Formats {
    private Formats() {}

    static final NumberForm U1 = new NumberForm(Kind.BE, 1);
    static final NumberForm U2BE = new NumberForm(Kind.BE, 2);
    static final NumberForm U2LE = new NumberForm(Kind.LE, 2);
    static final Sum X25 = new Sum.Crc(16, 0x1021, 0xffff, true, true, 0xffff);
    static final Sum SUM8 = new Sum.Add(8, false);

    /** @param binary whether any byte may stand in a frame, other than at its marks, size and checks */
    record Format(String name, FrameSpec spec, List<byte[]> wires, boolean binary) {}

    static Check check(Sum sum, int from, int at, NumberForm form) {
        return new Check(sum, from, at, at, form, false, Bytes.NONE);
    }

    static FrameSpec block(String start, String end, int tail, Check check) {
        BlockFrame.Shape shape = new BlockFrame.Shape(0, tail, Bytes.NONE);
        return new BlockFrame(
                Bytes.latin1(start), Bytes.latin1(end), 600, shape, new Guard(null, null, List.of(check)));
    }

    static Escape xor(String escaped) {
        return new Escape.Mark(0x7d, 0x20, 0, Bytes.hex(escaped));
    }

    static Escape.Table.Code code(int plain, Bytes code) {
        return new Escape.Table.Code((byte) plain, code);
    }

    static final FrameSpec INTELLIVUE = new BlockFrame(
            Bytes.hex("c0"),
            Bytes.hex("c1"),
            2000,
            BlockFrame.Shape.PLAIN,
            new Guard(xor("7dc0c1"), new SizeField(3, U2BE, 8), List.of(check(X25, 1, -3, U2LE))));
    static final FrameSpec DRI = new BlockFrame(
            Bytes.hex("7e"),
            Bytes.hex("7e"),
            4000,
            BlockFrame.Shape.PLAIN,
            new Guard(new Escape.Mark(0x7d, 0, 0x20, Bytes.hex("7d7e")), null, List.of(check(SUM8, 1, -2, U1))));
    static final FrameSpec BCC = new BlockFrame(
            Bytes.hex("01"),
            Bytes.hex("04"),
            4000,
            BlockFrame.Shape.PLAIN,
            new Guard(
                    new Escape.Table(List.of(
                            code('D', Bytes.latin1("EX")),
                            code('E', Bytes.latin1("EE")),
                            code('d', Bytes.latin1("ex")),
                            code('e', Bytes.latin1("ee")))),
                    new SizeField(1, new NumberForm(Kind.DECIMAL, 5), 0),
                    List.of(check(SUM8, 0, -6, new NumberForm(Kind.DECIMAL, 5)))));
    static final FrameSpec CAPNOSTREAM = new LengthFrame(
            Bytes.hex("85"),
            Bytes.NONE,
            300,
            new Guard(
                    new Escape.Table(List.of(code(0x80, Bytes.hex("8000")), code(0x85, Bytes.hex("8005")))),
                    new SizeField(1, U1, 3),
                    List.of(check(new Sum.Xor(), 1, -1, U1))));
    static final FrameSpec DF13 = new LengthFrame(
            Bytes.hex("0002000d"), Bytes.NONE, 64, new Guard(null, new SizeField(4, U2BE, 6), List.of()));
    static final FrameSpec IVY = new BlockFrame(
            Bytes.latin1("\u00ffANSAR-B "),
            Bytes.hex("fe"),
            1024,
            new BlockFrame.Shape(400, 0, Bytes.hex("ff")),
            Guard.NONE);
    static final FrameSpec UNITY =
            new LengthFrame(Bytes.NONE, Bytes.NONE, 512, new Guard(null, new SizeField(4, U2BE, 0), List.of()));

    static byte[] hex(String hex) {
        return Bytes.hex(hex).toArray();
    }

    static byte[] text(String text) {
        return Bytes.latin1(text).toArray();
    }

    static byte[] ivy(String rate) {
        byte[] wave = new byte[400];
        for (int i = 0; i < wave.length; i++) {
            wave[i] = (byte) (i % 255);
        }
        return join(
                text("\u00ffANSAR-B "), wave, text("HR=1;" + rate + ";ECG-II-DIAG;\rRR=1;35;APNEA: 20 SEC;\r\u00fe"));
    }

    static List<Format> checked() {
        NumberForm hex2 = new NumberForm(Kind.HEX, 2);
        Check crc16 = check(new Sum.Crc(16, 0x1021, 0xffff, false, false, 0), 1, -5, new NumberForm(Kind.HEX, 4));
        Check asena = new Check(crc16.sum(), 1, -6, -5, crc16.form(), false, Bytes.NONE);
        Check as50 = check(new Sum.Crc(16, 0x1021, 0, false, false, 0), 0, -2, U2BE);
        Check hamilton = check(new Sum.Crc(8, 0xd5, 0, false, false, 0), 0, -3, hex2);
        return List.of(
                new Format(
                        "asena",
                        block("!", "\r", 0, asena),
                        List.of(text("!INF|4961\r"), text("!INF_VTBI|8456\r")),
                        false),
                new Format(
                        "as50",
                        block("[", "]", 2, as50),
                        List.of(hex("5b5354415455533f5d c34b"), hex("5b505249524154453f5d 3444")),
                        false),
                new Format(
                        "hamilton",
                        block("\u0002", "\r", 0, hamilton),
                        List.of(hex("02313050323030307033303030 03 3142 0d")),
                        false),
                new Format(
                        "medibus",
                        block("\u0001", "\r", 0, check(SUM8, 0, -3, hex2)),
                        List.of(hex("01 15 3136 0d"), hex("01 51 3532 0d")),
                        false),
                new Format(
                        "fresenius",
                        block("\u0002", "\u0003", 0, check(new Sum.Add(8, true), 1, -3, hex2)),
                        List.of(text("\u0002DC78\u0003"), text("\u0002FC76\u0003")),
                        false),
                new Format("intellivue", INTELLIVUE, List.of(association()), true),
                new Format("dri", DRI, List.of(hex("7e 01 7d5e 7d5d 02 fe 7e"), hex("7e 40 3e 7d5e 7e")), true),
                new Format("bcc", BCC, List.of(text("\u000100031\u00021/1/1>AEXMIN:ALIVEE\u000300061\u0004")), false),
                new Format(
                        "capnostream",
                        CAPNOSTREAM,
                        List.of(hex("85 01 06 07"), hex("85 05 00 8000 24 8005 00 24")),
                        true));
    }

    /** A frame of four user bytes, three of which must be escaped. */
    static byte[] association() {
        return INTELLIVUE.seal(hex("c0 1101 0004 7dc0c155 0000 c1"));
    }

    static List<Format> all() {
        List<Format> all = new ArrayList<>(checked());
        all.add(new Format("ivy", IVY, List.of(ivy("80"), ivy("120")), false));
        all.add(new Format("df13", DF13, List.of(hex("0002000d 000e 2026061608000400 0001 0048 0061")), true));
        return all;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static List<Piece> run(FrameSpec spec, byte[] bytes, int chunk) {
        Framer framer = new Framer(spec);
        List<Piece> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += chunk) {
            byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + chunk));
            pieces.addAll(framer.put(part, part.length));
        }
        pieces.addAll(framer.flush());
        int told = pieces.stream()
                .mapToInt(piece -> piece instanceof Frame frame ? frame.size() : ((Noise) piece).size())
                .sum();
        assertEquals(bytes.length, told, "every byte is part of one piece");
        return pieces;
    }

    static List<Bytes> frames(List<Piece> pieces) {
        return pieces.stream()
                .filter(Frame.class::isInstance)
                .map(piece -> ((Frame) piece).body())
                .toList();
    }

    static int count(List<Piece> pieces, Fault fault) {
        return pieces.stream()
                .mapToInt(piece -> piece instanceof Noise noise && noise.fault() == fault ? noise.count() : 0)
                .sum();
    }
}
