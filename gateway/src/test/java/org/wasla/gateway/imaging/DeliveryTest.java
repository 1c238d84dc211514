package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.imaging.Delivery.Answer;
import org.wasla.gateway.imaging.Delivery.Verdict;

/** An answer taken for success that was none is a lost image; one taken for a refusal waits for a person. */
class DeliveryTest {
    @ParameterizedTest
    @CsvSource({
        "0000, SENT",
        "B000, SENT_WITH_WARNING",
        "B006, SENT_WITH_WARNING",
        "B007, SENT_WITH_WARNING",
        "0107, SENT_WITH_WARNING",
        "A700, LATER",
        "A7FF, LATER",
        "FF00, LATER",
        "0110, LATER",
        "0213, LATER",
        "A900, REFUSED",
        "C000, REFUSED",
        "0122, REFUSED",
        "0124, REFUSED"
    })
    void everyStatusMeansOneThing(String status, Verdict verdict) {
        Answer answer = NodeDelivery.answer(Integer.parseInt(status, 16));
        assertEquals(verdict, answer.verdict());
        assertEquals("status-" + status, answer.reason());
    }

    @ParameterizedTest
    @CsvSource({
        "200, SENT",
        "202, SENT_WITH_WARNING",
        "400, REFUSED",
        "409, REFUSED",
        "413, REFUSED",
        "415, REFUSED",
        "401, LATER",
        "403, LATER",
        "404, LATER",
        "429, LATER",
        "500, LATER",
        "503, LATER",
        "301, LATER"
    })
    void everyCodeMeansOneThing(int code, Verdict verdict) {
        assertEquals(verdict, WebDelivery.answer(code, "").verdict());
    }

    @Test
    void anAnswerThatNamesAFailureIsNoSuccess() {
        String failed = "{\"00081198\":{\"vr\":\"SQ\",\"Value\":[{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]},"
                + "\"00081197\":{\"vr\":\"US\",\"Value\":[%d]}}]}}";
        assertEquals(new Answer(Verdict.REFUSED, "status-A900"), WebDelivery.answer(202, failed.formatted(0xa900)));
        assertEquals(new Answer(Verdict.LATER, "status-A700"), WebDelivery.answer(409, failed.formatted(0xa700)));
        String none = "{\"00081198\":{\"vr\":\"SQ\"},\"00081199\":{\"vr\":\"SQ\",\"Value\":[{}]}}";
        assertEquals(Verdict.SENT, WebDelivery.answer(200, none).verdict());
    }

    /** What people see in a picture no table removes. */
    @Test
    void picturesThatMayShowANameAreKnown() {
        DataSet plain = DataSetBytes.read(
                        DataSetBytes.explicit().text(0x0008_0060, "CS", "CT").asFile())
                .data();
        DataSet declared = DataSetBytes.read(
                        DataSetBytes.explicit().text(0x0028_0301, "CS", "NO").asFile())
                .data();
        String storage = "1.2.840.10008.5.1.4.1.1.";
        for (String kind : List.of("7", "7.2", "104.1", "66")) {
            assertTrue(object(storage + kind).mayShowIdentity(declared), kind);
        }
        for (String kind : List.of("6.1", "3.1", "77.1.4")) {
            assertTrue(object(storage + kind).mayShowIdentity(plain), kind);
            assertFalse(object(storage + kind).mayShowIdentity(declared), kind);
        }
        assertFalse(object(storage + "2").mayShowIdentity(plain), "CT");
        assertTrue(object("1.3.46.670589.5.0.1.1").mayShowIdentity(declared), "a class that only its maker knows");
    }

    private static Outgoing object(String sopClass) {
        return new Outgoing(Path.of("none"), new FileHead(sopClass, "1.2", "1.2.840.10008.1.2.1", "", 0), null);
    }
}
