package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;

/** PS3.7 annex E: a status that is read wrongly makes a sender delete what nobody has. */
class CommandSetTest {
    @Test
    void aCommandIsReadAsItWasWritten() {
        CommandSet store = Talk.store();
        CommandSet read = Objects.requireNonNull(CommandSet.read(store.write()));
        assertEquals(CommandSet.C_STORE, read.command());
        assertEquals(7, read.number(CommandSet.MESSAGE_ID, -1));
        assertEquals("1.2.3.4", read.text(CommandSet.INSTANCE));
        assertTrue(read.hasDataSet());
    }

    @Test
    void theAnswerNamesWhatItAnswers() {
        CommandSet reply = Talk.store().reply(CommandSet.OUT_OF_RESOURCES);
        assertEquals(0x8001, reply.command());
        assertEquals(7, reply.number(CommandSet.REPLIED_TO, -1));
        assertEquals(0xa700, reply.number(CommandSet.STATUS, -1));
        assertEquals("1.2.3.4", reply.text(CommandSet.INSTANCE));
        assertFalse(reply.hasDataSet());
    }

    @Test
    void theLengthOfTheGroupIsRightAndAllLengthsAreEven() {
        Bytes bytes = Talk.store().write();
        assertEquals(bytes.size() - 12, bytes.at(8) | bytes.at(9) << 8);
        assertEquals(0, bytes.size() % 2);
    }

    @Test
    void whatIsCutOrOfAnotherGroupIsNoCommand() {
        Bytes bytes = Talk.store().write();
        int whole = 0;
        for (int cut = 0; cut < bytes.size(); cut++) {
            whole += CommandSet.read(bytes.slice(0, cut)) == null ? 0 : 1;
        }
        // Cut between two elements after the command it is one with less in it.
        assertEquals(3, whole);
        assertNull(CommandSet.read(Bytes.hex("0800 1600 02000000 4131")));
        assertNotNull(CommandSet.read(bytes));
    }

    @Test
    void aLongCommentIsCut() {
        CommandSet set = CommandSet.of(CommandSet.C_ECHO).with(CommandSet.COMMENT, "x".repeat(99));
        assertEquals(64, set.text(CommandSet.COMMENT).length());
    }

    @Test
    void aCommandIsSplitForAPeerWithSmallPdus() {
        CommandSet set = Talk.store();
        for (int i = 0; i < 40; i++) {
            set = set.with(0x2000 + i, "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19");
        }
        Bytes bytes = Fragments.command(1, set, 1_024);
        Talk.Ear ear = Talk.Ear.established(0);
        ear.hear(bytes.toArray(), 0);
        assertEquals("command 0001 status 0000", ear.heard.get(0));
        assertTrue(bytes.size() > set.write().size() + Fragments.HEAD_BYTES);
    }
}
