package org.wasla.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.imaging.ImagingSettings.Caller;
import org.wasla.gateway.imaging.StepSettings;
import org.wasla.gateway.imaging.StepSettings.Address;
import org.wasla.gateway.imaging.StepSettings.Upstream;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Section;

/** A wrong title or address keeps a scanner out: what is written is checked before anyone calls. */
class DicomReaderTest {
    private final Problems problems = new Problems();

    private ImagingSettings read(String yaml) {
        return DicomReader.read(Section.parse("wasla.yaml", yaml, problems));
    }

    @Test
    void everyKeyHasADefault() {
        ImagingSettings settings = read("ae: WASLA\n");
        assertEquals(List.of(), problems.list());
        assertEquals("WASLA", settings.title());
        assertEquals(11_112, settings.port());
        assertEquals(List.of(), settings.callers());
        assertEquals(Path.of("/var/lib/wasla/dicom"), settings.dir());
        assertEquals(20L << 30, settings.maxBytes());
        assertEquals(60_000, settings.quietMs());
        assertNull(settings.tls());
    }

    @Test
    void callersMayBeBoundToAnAddress() {
        ImagingSettings settings = read("callers: [CT1, \"US 2@192.168.1.30\"]\ncalled: any\n");
        assertEquals(List.of(), problems.list());
        assertEquals(List.of(new Caller("CT1", null), new Caller("US 2", "192.168.1.30")), settings.callers());
        assertTrue(settings.isAnyCalled());
    }

    @Test
    void stepsCommitmentAndWorklistAreRead() {
        StepSettings steps = read("commit: {CT1: \"10.0.0.5:104\", US 2: 11113}\ncharset: {CT1: ISO_IR 100}\n"
                        + "worklist: {from: \"RIS@ris.example:104\", every: 30s}\n")
                .steps();
        assertEquals(List.of(), problems.list());
        assertEquals(Map.of("CT1", new Address("10.0.0.5", 104), "US 2", new Address("", 11_113)), steps.reports());
        assertEquals(Map.of("CT1", "ISO_IR 100"), steps.charsets());
        assertEquals(new Upstream("RIS", new Address("ris.example", 104), 30_000), steps.upstream());
    }

    @Test
    void mistakesInStepsAreTold() {
        read("commit: {CT1: nowhere}\ncharset: {CT1: latin}\nworklist: {from: RIS, evry: 1s}\n");
        String told = problems.list().toString();
        for (String what : List.of("commit.CT1 is", "charset.CT1 is", "worklist.from is", "evry")) {
            assertTrue(told.contains(what), what + " in " + told);
        }
        assertEquals(4, problems.list().size(), told);
    }

    @Test
    void everyMistakeIsTold() {
        read("ae: A_TITLE_THAT_IS_TOO_LONG\ncallers: [\"CT1@nowhere\"]\nlisten: 0\nmax: 1MiB\ncalled: all\n"
                + "tls: {key: /no/such/file}\nquite: 60s\n");
        String told = problems.list().toString();
        for (String what :
                List.of("ae is", "callers[0] is", "listen is", "max is too", "called is", "tls.key is", "quiet")) {
            assertTrue(told.contains(what), what + " in " + told);
        }
        assertEquals(7, problems.list().size(), told);
    }
}
