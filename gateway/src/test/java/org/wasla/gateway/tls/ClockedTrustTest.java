package org.wasla.gateway.tls;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.trust.CertificateRequest;
import org.wasla.gateway.trust.TestCertificates;

/** A board without a clock must be able to connect, and must not believe what has run out. */
class ClockedTrustTest {
    private static final long FROM = TestCertificates.at("2026-11-01T00:00:00Z");
    private static final long UNTIL = TestCertificates.at("2027-11-01T00:00:00Z");
    private static final long WITHIN = TestCertificates.at("2026-12-01T00:00:00Z");
    private static final long BEFORE = TestCertificates.at("2026-10-01T00:00:00Z");
    private static final long AFTER = TestCertificates.at("2027-12-01T00:00:00Z");
    private static final long IN_1970 = 5_000;

    private final TestCertificates ca = ca("ca");
    private final KeyPair key = CertificateRequest.freshKey();

    private static TestCertificates ca(String name) {
        try {
            return new TestCertificates(name);
        } catch (java.security.GeneralSecurityException never) {
            throw new IllegalStateException(never);
        }
    }

    private X509Certificate[] chain() throws Exception {
        return new X509Certificate[] {ca.server(key, "localhost", FROM, UNTIL), ca.own()};
    }

    private static TlsClock clock(long ms, boolean confirmed) {
        return new TlsClock() {
            @Override
            public long nowMs() {
                return ms;
            }

            @Override
            public boolean isConfirmed() {
                return confirmed;
            }
        };
    }

    private void trusts(long ms, boolean confirmed) throws Exception {
        ClockedTrust.of(List.of(ca.own()), clock(ms, confirmed)).checkServerTrusted(chain(), "ECDHE_ECDSA");
    }

    @Test
    void aConfirmedClockIsTakenAtItsWord() throws Exception {
        assertDoesNotThrow(() -> trusts(WITHIN, true));
        assertThrows(CertificateException.class, () -> trusts(BEFORE, true));
        assertThrows(CertificateException.class, () -> trusts(AFTER, true));
    }

    @Test
    void aClockThatMayBeBehindSaysNothingOfNotYet() {
        assertDoesNotThrow(() -> trusts(IN_1970, false));
        assertDoesNotThrow(() -> trusts(BEFORE, false));
    }

    /** The box knows that it was later already: the clock may have been set back to make an old key good. */
    @Test
    void whatHasRunOutByWhatIsKnownIsRefused() {
        assertThrows(CertificateException.class, () -> trusts(AFTER, false));
    }

    @Test
    void anotherAuthorityIsRefusedWhateverTheClock() throws Exception {
        X509Certificate[] chain = chain();
        ClockedTrust trust = ClockedTrust.of(List.of(ca("ca").own()), clock(WITHIN, false));
        assertThrows(CertificateException.class, () -> trust.checkServerTrusted(chain, "ECDHE_ECDSA"));
    }

    @Test
    void aPinKnowsTheAuthorityByItsFingerprint() throws Exception {
        X509Certificate[] chain = chain();
        String pin = ClockedTrust.sha256(ca.own());
        assertDoesNotThrow(
                () -> ClockedTrust.pinned(pin, clock(WITHIN, true)).checkServerTrusted(chain, "ECDHE_ECDSA"));
        String other = ClockedTrust.sha256(ca("ca").own());
        CertificateException told = assertThrows(
                CertificateException.class,
                () -> ClockedTrust.pinned(other, clock(WITHIN, true)).checkServerTrusted(chain, "ECDHE_ECDSA"));
        assertTrue(String.valueOf(told.getMessage()).contains("has the fingerprint"), told.getMessage());
        // Whoever shows the right CA without a certificate of it shows nothing.
        TestCertificates thief = ca("ca");
        X509Certificate[] stolen = {thief.server(key, "localhost", FROM, UNTIL), thief.own(), ca.own()};
        assertThrows(
                CertificateException.class,
                () -> ClockedTrust.pinned(pin, clock(WITHIN, true)).checkServerTrusted(stolen, "ECDHE_ECDSA"));
    }

    /** A server of one version of TLS under one name; what a client of ours meets. */
    private String meets(String protocol, String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Certificate[] chain = {ca.server(key, name, FROM, UNTIL), ca.own()};
        store.setKeyEntry("key", key.getPrivate(), new char[0], chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        AtomicReference<String> spoken = new AtomicReference<>("");
        try (SSLServerSocket listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            listener.setEnabledProtocols(new String[] {protocol});
            Thread server = new Thread(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getInputStream().read();
                } catch (IOException refused) {
                    spoken.set(refused.toString());
                }
            });
            server.start();
            SSLContext client = SSLContext.getInstance("TLS");
            client.init(null, new TrustManager[] {ClockedTrust.of(List.of(ca.own()), clock(WITHIN, true))}, null);
            try (SSLSocket socket = (SSLSocket)
                    new StrictSockets(client.getSocketFactory()).createSocket("localhost", listener.getLocalPort())) {
                socket.startHandshake();
                return socket.getSession().getProtocol();
            } finally {
                server.join();
            }
        }
    }

    @Test
    void onlyTls13AndOnlyTheRightName() throws Exception {
        assertEquals("TLSv1.3", meets("TLSv1.3", "localhost"));
        assertThrows(SSLException.class, () -> meets("TLSv1.2", "localhost"));
        assertThrows(SSLException.class, () -> meets("TLSv1.3", "broker.example"));
    }
}
