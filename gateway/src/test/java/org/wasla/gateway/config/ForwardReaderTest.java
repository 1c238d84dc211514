package org.wasla.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.imaging.ForwardSettings;
import org.wasla.gateway.imaging.ForwardSettings.Destination;
import org.wasla.gateway.imaging.ForwardSettings.Filter;
import org.wasla.gateway.imaging.ForwardSettings.Node;
import org.wasla.gateway.imaging.ForwardSettings.Web;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Section;

/** A wrong destination shows when images are missed; a wrong filter, when they are where nobody should have them. */
class ForwardReaderTest {
    private final Problems problems = new Problems();

    @TempDir
    Path dir;

    private ForwardSettings read(String yaml) {
        return DicomReader.read(Section.parse("wasla.yaml", "ae: WASLA\n" + yaml, problems))
                .forward();
    }

    @Test
    void nothingIsForwardedAndNothingDeletedUnlessAsked() {
        assertEquals(List.of(), read("").destinations());
        assertFalse(read("forward: [{to: \"dicom:PACS@10.0.0.1:104\"}]\n").deletes());
        assertEquals(List.of(), problems.list());
    }

    @Test
    void aDestinationIsReadWithAllThatItMaySay() throws IOException {
        Path token = Files.writeString(dir.resolve("token"), "abc\n");
        ForwardSettings forward = read("delete: forwarded\nkeep: 2d\nforward:\n"
                + "  - {to: \"dicom:PACS@10.0.0.1:104\", name: pacs, ae: BOX1, not: {modality: [SR]}, retry: 1min}\n"
                + "  - {to: \"https://u:pw@h.example/dicom-web\", deidentify: true, burnt-in: true,"
                + " only: {modality: CT, caller: [CT1], class: 1.2.840.10008.5.1.4.1.1.2}}\n"
                + "  - {to: \"https://h.example/x\", token: " + token + "}\n");
        assertEquals(List.of(), problems.list());
        assertTrue(forward.deletes());
        assertEquals(172_800_000, forward.keepMs());
        Filter noSr = new Filter(Set.of("SR"), Set.of(), Set.of());
        Destination pacs = new Destination(
                "pacs", new Node("PACS", "10.0.0.1", 104, null), "BOX1", Filter.NONE, noSr, false, false, 60_000);
        assertEquals(pacs, forward.destinations().get(0));
        Destination web = forward.destinations().get(1);
        Filter ct = new Filter(Set.of("CT"), Set.of("CT1"), Set.of("1.2.840.10008.5.1.4.1.1.2"));
        Web target = new Web(URI.create("https://h.example/dicom-web"), "Basic dTpwdw==", null);
        assertEquals(
                new Destination("https://h.example/dicom-web", target, "WASLA", ct, Filter.NONE, true, true, 300_000),
                web);
        assertFalse(web.toString().contains("dTpwdw"), "a password must not be printed");
        Web bearer = assertInstanceOf(Web.class, forward.destinations().get(2).target());
        assertEquals("Bearer abc", bearer.authorization());
    }

    @Test
    void everyMistakeIsTold() {
        read("delete: always\nkeep: long\nforward:\n"
                + "  - {to: \"ftp://host/x\"}\n"
                + "  - {to: \"http://host/x\", burnt-in: true, retry: 1ms}\n"
                + "  - {to: \"dicom:PACS@h:99999\", token: x, only: {modality: [ct], clas: 1}}\n"
                + "  - {name: Pacs, to: \"dicom:PACS@h:104\"}\n"
                + "  - {to: \"dicom:PACS@h:104\", name: one}\n"
                + "  - {to: \"dicom:PACS@h:105\", name: one}\n"
                + "  - {name: two}\n");
        String told = problems.list().toString();
        for (String what : List.of(
                "delete is 'always'",
                "keep is no time",
                "forward[0].to is 'ftp",
                "forward[1].to would send patient data without TLS",
                "burnt-in has no meaning",
                "retry is too short",
                "has the port 99999",
                "token is for https",
                "modality[0] is 'ct'",
                "did you mean 'class'",
                "forward[3].name is 'Pacs'",
                "forward[5] is called 'one'",
                "forward[6] has no 'to'")) {
            assertTrue(told.contains(what), what + " in " + told);
        }
        assertEquals(13, problems.list().size(), told);
    }
}
