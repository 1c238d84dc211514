package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.Talk.Ear;
import org.wasla.gateway.frame.Bytes;

/** An association may end at any moment and in any way; what was half sent then must never look like a whole object. */
class AssociationTest {
    private static final long S = TimeUnit.SECONDS.toNanos(1);
    private static final byte[] OBJECT = Bytes.hex("0102030405060708").toArray();
    private static final String STORE = "command 0001 status 0000";

    @Test
    void aWholeTalkIsHeardHoweverItIsCut() {
        byte[] talk = Talk.whole(OBJECT);
        for (int step = 1; step <= talk.length; step++) {
            Ear ear = Ear.established(0);
            for (int at = 0; at < talk.length; at += step) {
                ear.hear(Bytes.of(talk, at, Math.min(talk.length, at + step)).toArray(), at);
            }
            assertEquals(List.of(STORE, "data", "released"), ear.heard, "in steps of " + step);
            assertArrayEquals(OBJECT, ear.data.toByteArray());
        }
    }

    @Test
    void aConnectionLostAtAnyByteIsNoWholeObject() {
        byte[] talk = Talk.whole(OBJECT);
        int objectEnd = talk.length - 10;
        for (int cut = 0; cut < talk.length; cut++) {
            Ear ear = Ear.established(0).hear(Bytes.of(talk, 0, cut).toArray(), 0);
            ear.take(ear.association.onClosed(1), talk, 1);
            assertEquals(cut >= objectEnd, ear.heard.contains("data"), "cut at " + cut);
            assertFalse(ear.heard.contains("released"));
        }
    }

    @Test
    void anAbortAtAnyPduBoundaryIsHeard() {
        byte[] command = Fragments.command(1, Talk.store(), 0).toArray();
        byte[] half = Talk.fragment(1, false, false, OBJECT);
        byte[] abort = PduCodec.write(new Pdu.Abort(0, 0));
        for (byte[] before : List.of(new byte[0], command, Talk.joined(command, half))) {
            Ear ear = Ear.established(0).hear(Talk.joined(before, abort), 0);
            assertEquals("aborted PEER 0/0", ear.heard.get(ear.heard.size() - 2));
            assertEquals("close", ear.heard.get(ear.heard.size() - 1));
            assertFalse(ear.heard.contains("data"));
        }
    }

    @Test
    void bothRolesUnderstandEachOther() {
        Association ours = Association.requestor(Timing.USUAL, Talk.usual(), 0);
        Ear sender = new Ear(ours);
        Ear receiver = Ear.acceptor(0);
        sender.take(ours.begin(0), new byte[0], 0);
        receiver.hear(sent(sender), 0);
        sender.hear(sent(receiver), 0);
        assertEquals(List.of("established"), sender.heard);
        assertEquals(Uids.EXPLICIT_LITTLE, ours.transferSyntax(1));
        assertEquals(Fragments.DATA_BYTES_MAX, ours.peerBytesMax());
        assertTrue(ours.maySend());
        sender.take(ours.release(1), new byte[0], 1);
        receiver.hear(sent(sender), 1);
        sender.hear(sent(receiver), 1);
        assertEquals(List.of("established", "released", "close"), sender.heard);
        assertEquals(List.of("released"), receiver.heard);
    }

    private static byte[] sent(Ear ear) {
        byte[] bytes = ear.sent.toByteArray();
        ear.sent.reset();
        return bytes;
    }

    /** PS3.8 section 9.2.3: both ask for the end at once, and both come to it. */
    @Test
    void aReleaseCollisionEndsBothSides() {
        Association ours = Association.requestor(Timing.USUAL, Talk.usual(), 0);
        Ear requestor = new Ear(ours);
        Ear acceptor = Ear.acceptor(0);
        requestor.take(ours.begin(0), new byte[0], 0);
        acceptor.hear(sent(requestor), 0);
        requestor.hear(sent(acceptor), 0);
        requestor.take(ours.release(1), new byte[0], 1);
        acceptor.take(acceptor.association.release(1), new byte[0], 1);
        byte[] fromRequestor = sent(requestor);
        byte[] fromAcceptor = sent(acceptor);
        acceptor.hear(fromRequestor, 2);
        requestor.hear(fromAcceptor, 2);
        acceptor.hear(sent(requestor), 3);
        requestor.hear(sent(acceptor), 3);
        assertTrue(requestor.heard.contains("released"), requestor.heard.toString());
        assertTrue(acceptor.heard.contains("released"), acceptor.heard.toString());
    }

    @Test
    void dataBeforeAnAssociationIsAnsweredWithAnAbort() {
        Ear ear = Ear.acceptor(0).hear(Talk.fragment(1, false, true, OBJECT), 0);
        assertEquals(List.of("aborted PROTOCOL 2/2"), ear.heard);
        assertArrayEquals(PduCodec.write(new Pdu.Abort(2, 2)), ear.sent.toByteArray());
    }

    @Test
    void aSecondRequestIsAnsweredWithAnAbort() {
        byte[] request = PduCodec.write(Talk.usual());
        assertEquals(List.of("aborted PROTOCOL 2/2"), Ear.established(0).hear(request, 0).heard);
    }

    /** Bytes that came with the request were sent before it was answered (PS3.8 table 9-10, Sta3). */
    @Test
    void whoSendsBeforeTheAnswerIsAborted() {
        byte[] request = PduCodec.write(Talk.usual());
        for (byte[] more : List.of(request, Talk.whole(OBJECT), new byte[] {99})) {
            Ear ear = Ear.acceptor(0).hear(Talk.joined(request, more), 0);
            assertEquals(1, ear.heard.size(), ear.heard.toString());
            assertTrue(ear.heard.get(0).startsWith("aborted PROTOCOL 2/"), ear.heard.toString());
        }
    }

    @Test
    void whatIsNoPduIsAnsweredWithTheReason() {
        Ear ear = Ear.established(0).hear(new byte[] {9, 9, 9, 9}, 0);
        assertEquals(List.of("aborted PROTOCOL 2/1"), ear.heard);
        Ear browser = Ear.acceptor(0).hear(new byte[] {'G', 'E', 'T', ' '}, 0);
        assertEquals(List.of("aborted PROTOCOL 2/1"), browser.heard);
    }

    @Test
    void messagesThatAreNotSoundAreAborted() {
        byte[] command = Fragments.command(1, Talk.store(), 0).toArray();
        List<byte[]> unsound = List.of(
                Talk.fragment(1, false, true, OBJECT),
                Talk.joined(command, command),
                Talk.joined(command, Talk.fragment(3, false, true, OBJECT)),
                Fragments.command(5, Talk.store(), 0).toArray(),
                Talk.fragment(1, true, true, OBJECT),
                Talk.fragment(1, true, false, new byte[CommandSet.BYTES_MAX + 2]));
        for (byte[] each : unsound) {
            Ear ear = Ear.established(0).hear(each, 0);
            assertEquals(
                    "aborted MESSAGE 0/0",
                    ear.heard.get(ear.heard.size() - 1),
                    Bytes.of(each, 0, 16).toString());
        }
    }

    @Test
    void aPeerThatSaysNothingIsClosedAfterArtim() {
        Ear ear = Ear.acceptor(0);
        assertEquals(30 * S, ear.association.waitNs(0));
        ear.take(ear.association.onTime(30 * S - 1), new byte[0], 30 * S - 1);
        assertEquals(List.of(), ear.heard);
        ear.take(ear.association.onTime(30 * S), new byte[0], 30 * S);
        assertEquals(List.of("close"), ear.heard);
    }

    /** A request that trickles in does not stop the clock: ARTIM runs until it is whole. */
    @Test
    void aRequestByDropsIsClosedAfterArtim() {
        byte[] request = PduCodec.write(Talk.usual());
        Ear ear = Ear.acceptor(0);
        for (int i = 0; i < 20; i++) {
            ear.hear(new byte[] {request[i]}, i * S);
        }
        assertEquals(10 * S, ear.association.waitNs(20 * S));
    }

    @Test
    void anObjectByDropsIsAborted() {
        byte[] talk = Talk.whole(new byte[4_000]);
        Ear ear = Ear.established(S).hear(Bytes.of(talk, 0, talk.length - 3_000).toArray(), S);
        long nowNs = S;
        for (int i = 0; i < 31; i++) {
            nowNs += S;
            ear.hear(new byte[1], nowNs);
            ear.take(ear.association.onTime(nowNs), new byte[0], nowNs);
        }
        assertTrue(ear.heard.contains("aborted SILENCE 0/0"), ear.heard.toString());
        assertFalse(ear.heard.contains("data"));
    }

    @Test
    void anObjectThatComesSlowlyButComesIsHeard() {
        byte[] talk = Talk.whole(new byte[20_000]);
        Ear ear = Ear.established(0);
        long nowNs = 0;
        for (int at = 0; at < talk.length; at += 1_024) {
            ear.hear(Bytes.of(talk, at, Math.min(talk.length, at + 1_024)).toArray(), nowNs);
            nowNs += 20 * S;
            ear.take(ear.association.onTime(nowNs), new byte[0], nowNs);
        }
        assertEquals(List.of(STORE, "data", "released", "close"), ear.heard);
    }

    @Test
    void anIdleAssociationEndsAfterItsOwnTime() {
        Ear ear = Ear.acceptor(0).hear(PduCodec.write(Talk.usual()), S);
        assertFalse(ear.association.isBusy());
        assertEquals(300 * S, ear.association.waitNs(S));
        ear.take(ear.association.onTime(301 * S), new byte[0], 301 * S);
        assertEquals(List.of("aborted SILENCE 0/0"), ear.heard);
    }

    @Test
    void noBytesMakeItThrow() {
        byte[] good = Talk.whole(OBJECT);
        Random random = new Random(5);
        int whole = 0;
        for (int run = 0; run < 20_000; run++) {
            byte[] bytes = good.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Ear ear = Ear.established(0);
            int at = 0;
            while (at < bytes.length) {
                int next = Math.min(bytes.length, at + 1 + random.nextInt(100));
                ear.hear(Bytes.of(bytes, at, next).toArray(), at);
                at = next;
            }
            ear.take(ear.association.onClosed(at), bytes, at);
            whole += ear.heard.contains("data") ? 1 : 0;
        }
        assertTrue(whole > 1_000, "almost nothing was heard: " + whole);
    }
}
