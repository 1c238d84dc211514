package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.Pdu.Answer;
import org.wasla.gateway.dicom.Pdu.Outcome;
import org.wasla.gateway.dicom.Pdu.Proposal;
import org.wasla.gateway.dicom.Pdu.Role;
import org.wasla.gateway.dicom.Pdu.User;
import org.wasla.gateway.dicom.PduReader.Event;
import org.wasla.gateway.dicom.PduReader.Event.Slice;
import org.wasla.gateway.dicom.PduReader.Event.Whole;
import org.wasla.gateway.dicom.PduReader.Event.Wrong;
import org.wasla.gateway.frame.Bytes;

/** Anybody on the network can write to this reader: whatever comes, it tells what it was, and holds little. */
class PduReaderTest {
    private static final User USER = new User(16_384, "1.2.3", "PEER_1", List.of(new Role(Talk.CT, true, true)), false);
    private static final Pdu.Request REQUEST = Pdu.Request.of(
            "WASLA",
            "CT1",
            List.of(
                    new Proposal(1, Talk.CT, List.of(Uids.EXPLICIT_LITTLE, Uids.IMPLICIT_LITTLE)),
                    new Proposal(3, Uids.VERIFICATION, List.of(Uids.IMPLICIT_LITTLE))),
            USER);
    private static final List<Pdu> PDUS = List.of(
            REQUEST,
            new Pdu.Accept(
                    REQUEST.titles(),
                    List.of(
                            new Answer(1, Outcome.ACCEPTED, Uids.EXPLICIT_LITTLE),
                            new Answer(3, Outcome.ABSTRACT_SYNTAX_NOT_SUPPORTED, Uids.IMPLICIT_LITTLE)),
                    USER),
            new Pdu.Reject(1, 1, 7),
            new Pdu.ReleaseRequest(),
            new Pdu.ReleaseReply(),
            new Pdu.Abort(2, 6));

    /** Events as text, with slices joined: how bytes were cut must not matter. */
    private static List<String> read(byte[] bytes, int step) {
        PduReader reader = new PduReader();
        List<String> events = new ArrayList<>();
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at += step) {
            reader.put(bytes, at, Math.min(bytes.length, at + step));
            for (Event event = reader.next(); event != null; event = reader.next()) {
                if (event instanceof Slice slice) {
                    value.writeBytes(reader.bytes(slice));
                    if (slice.isLast()) {
                        events.add(slice.context()
                                + (slice.isCommand() ? " command " : " data ")
                                + Bytes.of(value.toByteArray()));
                        value.reset();
                    }
                } else {
                    events.add(event instanceof Whole whole ? whole.pdu().toString() : event.toString());
                }
            }
        }
        return events;
    }

    @Test
    void everyPduIsReadAsItWasWrittenHoweverItIsCut() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<String> expected = new ArrayList<>();
        for (Pdu pdu : PDUS) {
            all.writeBytes(PduCodec.write(pdu));
            expected.add(pdu.toString());
        }
        all.writeBytes(Talk.fragment(1, true, true, new byte[] {1, 2}));
        expected.add("1 command 0102");
        all.writeBytes(Talk.fragment(3, false, true, new byte[0]));
        expected.add("3 data ");
        byte[] bytes = all.toByteArray();
        for (int step = 1; step <= bytes.length; step++) {
            assertEquals(expected, read(bytes, step), "in steps of " + step);
        }
    }

    /** PixelMed puts the end of a command and the beginning of its data into one PDU. */
    @Test
    void onePduCarriesSeveralFragments() {
        byte[] pdu =
                Bytes.hex("0400 00000010 00000004 0103 aabb 00000004 0102 ccdd").toArray();
        pdu[5] = 16;
        for (int step = 1; step <= pdu.length; step++) {
            assertEquals(List.of("1 command aabb", "1 data ccdd"), read(pdu, step));
        }
    }

    @Test
    void oddFragmentsAreTaken() {
        assertEquals(List.of("1 data 010203"), read(Talk.fragment(1, false, true, new byte[] {1, 2, 3}), 5));
    }

    /** PDV lengths of 0, 1, one too many, and huge. */
    @Test
    void aLengthThatCannotBeEndsTheStream() {
        String wrong = new Wrong(Pdu.Abort.INVALID_PARAMETER).toString();
        for (String length : List.of("00000000", "00000001", "00000005", "7fffffff", "ffffffff")) {
            byte[] pdu = Bytes.hex("0400 00000008" + length + "0103aabb").toArray();
            assertEquals(List.of(wrong), read(pdu, pdu.length), length);
            assertEquals(List.of(wrong), read(pdu, 1), length);
        }
        assertEquals(List.of(wrong), read(Bytes.hex("0400 00000005 0000000103").toArray(), 99));
        assertEquals(List.of(wrong), read(Bytes.hex("0400 00100001").toArray(), 99));
        assertEquals(List.of(wrong), read(Bytes.hex("0500 00000005 0000000000").toArray(), 99));
        assertEquals(List.of(wrong), read(Bytes.hex("0100 00040001").toArray(), 99));
        assertEquals(List.of(wrong), read(Bytes.hex("0100 00000043").toArray(), 99));
    }

    @Test
    void whatIsNoPduIsToldByItsFirstByte() {
        String wrong = new Wrong(Pdu.Abort.UNRECOGNISED).toString();
        assertEquals(List.of(wrong), read(Bytes.latin1("GET / HTTP/1.1\r\n\r\n").toArray(), 99));
        assertEquals(List.of(wrong), read(new byte[] {0}, 1));
        assertEquals(List.of(wrong), read(new byte[] {8, 0, 0, 0, 0, 0}, 6));
    }

    @Test
    void itemsThatAreNotKnownAreSkipped() {
        byte[] known = PduCodec.write(REQUEST);
        byte[] more = Talk.joined(known, Bytes.hex("7700 0003 010203").toArray());
        more[5] = (byte) (more.length - 6);
        more[4] = (byte) (more.length - 6 >> 8);
        assertEquals(List.of(REQUEST.toString()), read(more, 13));
    }

    @Test
    void aCutTellsNothingMoreThanWhatWasWhole() {
        byte[] bytes = PduCodec.write(REQUEST);
        for (int cut = 0; cut < bytes.length; cut++) {
            assertEquals(List.of(), read(Bytes.of(bytes, 0, cut).toArray(), 64), "cut at " + cut);
        }
    }

    @Test
    void flippedAndRandomBytesNeverThrow() {
        byte[] good = Talk.joined(PduCodec.write(REQUEST), Talk.whole(new byte[100]));
        Random random = new Random(11);
        int told = 0;
        for (int run = 0; run < 20_000; run++) {
            byte[] bytes = good.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            told += read(bytes, 1 + random.nextInt(bytes.length)).size();
        }
        assertTrue(told > 20_000, "the reader told almost nothing: " + told);
    }
}
