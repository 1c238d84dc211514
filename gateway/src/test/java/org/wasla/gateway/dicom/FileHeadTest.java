package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;

/** PS3.10 section 7.1: a file that other software cannot open is a lost image. */
class FileHeadTest {
    private static final byte[] HEAD = FileHead.write(Talk.CT, "1.2.3", Uids.EXPLICIT_LITTLE, "CT1");

    @Test
    void aHeadIsReadAsItWasWritten() {
        Bytes file = Bytes.of(Talk.joined(HEAD, Bytes.hex("0800 0500 4353 0000").toArray()));
        assertEquals(new FileHead(Talk.CT, "1.2.3", Uids.EXPLICIT_LITTLE, "CT1", HEAD.length), FileHead.read(file));
    }

    @Test
    void theLengthOfTheGroupLeadsToTheDataSet() {
        Bytes head = Bytes.of(HEAD);
        assertEquals(HEAD.length, 144 + (head.at(140) | head.at(141) << 8));
    }

    @Test
    void whatIsNoFileIsTold() {
        assertNull(FileHead.read(Bytes.NONE));
        assertNull(FileHead.read(Bytes.of(new byte[400])));
        assertNull(FileHead.read(Bytes.of(HEAD, 0, HEAD.length - 3)));
    }
}
