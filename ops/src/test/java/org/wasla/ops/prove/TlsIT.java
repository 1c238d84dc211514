package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code ops/prove/tls}: an outside judge finds nothing old or weak on our ports with TLS. */
class TlsIT {
    @TempDir
    Path folder;

    @BeforeEach
    void needs() {
        Assumptions.assumeTrue(Shell.has("sslscan") && Shell.has("openssl"), "sslscan or openssl is not installed");
    }

    @Test
    void theImagePortSpeaksNothingOldOrWeak() throws Exception {
        TlsProof proof = new TlsProof(folder);
        TlsScan scan = proof.rsa();
        assertEquals(List.of(), scan.faults(), scan.toString());
        assertEquals(Set.of("TLSv1.2", "TLSv1.3"), scan.protocols());
        assertTrue(scan.ciphers().contains("TLSv1.3 TLS_AES_128_GCM_SHA256"), scan.toString());
        Assumptions.assumeTrue(Boolean.getBoolean("wasla.long"), "the others with --long");
        assertEquals(List.of(), proof.dicom(null).faults());
        assertEquals(List.of(), proof.dicom(folder.resolve("ca.pem")).faults());
        assertEquals(List.of(), proof.mosquitto().faults());
        assertTrue(proof.old().faults().contains("speaks TLSv1.0"));
    }

    /** A judge that finds nothing judges nothing. */
    @Test
    void whatIsOldOrWeakIsFound() {
        String bad = """
                <protocol type="ssl" version="3" enabled="1" />
                <protocol type="tls" version="1.2" enabled="1" />
                <protocol type="tls" version="1.3" enabled="0" />
                <renegotiation supported="1" secure="0" />
                <compression supported="1" />
                <heartbleed sslversion="TLSv1.2" vulnerable="1" />
                <cipher status="accepted" sslversion="TLSv1.2" bits="112" cipher="ECDHE-RSA-DES-CBC3-SHA" id="0xC012" />
                <cipher status="accepted" sslversion="TLSv1.2" bits="128" cipher="AES128-SHA" id="0x002F" />
                <cipher status="accepted" sslversion="TLSv1.2" bits="256" cipher="ADH-AES256-SHA" id="0x003A" />
                <cipher status="preferred" sslversion="TLSv1.2" bits="256" cipher="ECDHE-RSA-AES256-GCM-SHA384" id="0xC030" />
                """;
        assertEquals(
                List.of(
                        "ECDHE-RSA-DES-CBC3-SHA has 112 bits",
                        "compresses",
                        "renegotiates insecurely",
                        "has Heartbleed",
                        "speaks SSLv3",
                        "takes TLSv1.2 ADH-AES256-SHA",
                        "takes TLSv1.2 AES128-SHA",
                        "takes TLSv1.2 ECDHE-RSA-DES-CBC3-SHA"),
                TlsScan.read(bad).faults());
        assertEquals(List.of("speaks no TLS at all"), TlsScan.read("").faults());
    }
}
