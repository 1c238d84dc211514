package org.wasla.ops.enrol;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import org.wasla.gateway.enrol.Identity;
import org.wasla.gateway.tls.ClockedTrust;
import org.wasla.gateway.tls.TlsClock;
import org.wasla.gateway.tls.TlsFiles;
import org.wasla.gateway.trust.Renewal;
import org.wasla.gateway.trust.SixWords;

/**
 * The region's side of enrolment, in the shape of RFC 7030 (simpleenroll, simplereenroll, cacerts), over TLS 1.3. It asks
 * for a client certificate and takes one that has run out: what that is worth {@link Policy} says. Thread-safe.
 */
final class Endpoint implements AutoCloseable {
    private static final int BODY_BYTES_MAX = 16 << 10;
    private static final int THREADS = 4;
    private static final int WRONG_MAX = 5;
    private static final long WRONG_NS = TimeUnit.MINUTES.toNanos(10);
    private static final String PKCS7 = "application/pkcs7-mime; smime-type=certs-only";

    private final Path dir;
    private final Settings settings;
    private final Authority authority;
    private final Lists lists;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    /** When wrong secrets came, by gateway; only of gateways that have a token. */
    private final Map<String, List<Long>> wrong = new HashMap<>();

    /** Ends a request with a status and one line. */
    private static final class Refusal extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refusal(int status, String why) {
            super(why);
            this.status = status;
        }
    }

    /** What answers a request. */
    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    Endpoint(Path dir, Settings settings, Lists lists, int port) throws IOException {
        this.dir = dir;
        this.settings = settings;
        this.authority = new Authority(dir);
        this.lists = lists;
        this.server = HttpsServer.create(new InetSocketAddress(port), 0);
        server.setHttpsConfigurator(configurator());
        server.setExecutor(threads);
        on("/.well-known/est/simpleenroll", "POST", this::enrol);
        on("/.well-known/est/simplereenroll", "POST", this::reenrol);
        on("/.well-known/est/cacerts", "GET", this::authorities);
    }

    private HttpsConfigurator configurator() throws IOException {
        // Judged at the time of its begin a certificate that has run out is good: whether it counts is not TLS's to
        // say.
        TlsClock lenient = new TlsClock() {
            @Override
            public long nowMs() {
                return 0;
            }

            @Override
            public boolean isConfirmed() {
                return false;
            }
        };
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    TlsFiles.keys(dir.resolve("endpoint.p12")),
                    new TrustManager[] {ClockedTrust.of(List.of(authority.own()), lenient)},
                    null);
            return new HttpsConfigurator(context) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters all = getSSLContext().getDefaultSSLParameters();
                    all.setProtocols(new String[] {"TLSv1.3"});
                    all.setWantClientAuth(true);
                    parameters.setSSLParameters(all);
                }
            };
        } catch (GeneralSecurityException broken) {
            throw new IOException("the endpoint's key cannot be used: " + broken.getMessage(), broken);
        }
    }

    private void on(String path, String method, Handler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                try {
                    if (!exchange.getRequestMethod().equals(method)) {
                        throw new Refusal(405, "use " + method);
                    }
                    handler.handle(exchange);
                } catch (Refusal refusal) {
                    log(path, refusal.status + " " + refusal.getMessage());
                    answer(exchange, refusal.status, "text/plain", utf8(refusal.getMessage() + "\n"));
                } catch (IOException | RuntimeException failed) {
                    log(path, "500 " + failed);
                    answer(exchange, 500, "text/plain", utf8("the endpoint has failed; its log says why\n"));
                }
            }
        });
    }

    private static void log(String path, String what) {
        System.err.println(Instant.now() + " " + path.substring(path.lastIndexOf('/') + 1) + " " + what);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void authorities(HttpExchange exchange) throws IOException {
        answer(exchange, 200, PKCS7, authority.answer(List.of(authority.own())));
    }

    private static byte[] request(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        try {
            if (body.length <= BODY_BYTES_MAX) {
                return Base64.getMimeDecoder().decode(body);
            }
        } catch (IllegalArgumentException noBase64) {
            // told below
        }
        throw new Refusal(400, "no request: send PKCS #10 in base64, at most 16 KiB");
    }

    private void enrol(HttpExchange exchange) throws IOException {
        byte[] request = request(exchange);
        String[] who = credentials(exchange);
        X509Certificate certificate = Ledger.change(dir, ledger -> {
            Ledger.Token token = token(ledger, who[0], who[1]);
            PublicKey key = check(request, token.gateway(), token.site());
            ledger.spend(token);
            X509Certificate issued = authority.gateway(
                    request, token.gateway(), token.site(), token.holds(), Authority.Span.of(settings.lifeS()));
            ledger.put(new Ledger.Box(
                    token.gateway(),
                    token.site(),
                    token.holds() ? Policy.State.QUARANTINE : Policy.State.GOOD,
                    System.currentTimeMillis(),
                    issued.getNotAfter().toInstant().toEpochMilli(),
                    issued.getSerialNumber().toString(16),
                    SixWords.of(key)));
            makeLists(ledger);
            return issued;
        });
        log("enrol", who[0] + " enrolled, words: " + SixWords.of(certificate.getPublicKey()));
        give(exchange, certificate);
    }

    /** A mistake in the list of subscribers must not cost a box its certificate: it is told, and the box waits. */
    private void makeLists(Ledger ledger) {
        try {
            lists.make(ledger);
        } catch (IOException mistake) {
            log("rights", "NOT MADE, correct this and run ops/region/enrol lists: " + mistake.getMessage());
        }
    }

    private static String[] credentials(HttpExchange exchange) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        try {
            if (header != null && header.startsWith("Basic ")) {
                String[] both = new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8)
                        .split(":", 2);
                if (both.length == 2) {
                    return both;
                }
            }
        } catch (IllegalArgumentException noBase64) {
            // told below
        }
        throw new Refusal(401, "no secret: send the gateway and the secret of its token as HTTP Basic");
    }

    /** The token that is used with this, or a refusal. */
    private Ledger.Token token(Ledger ledger, String gateway, String secret) throws IOException {
        List<Ledger.Token> its = ledger.tokens().stream()
                .filter(each -> each.gateway().equals(gateway))
                .toList();
        List<Long> misses = its.isEmpty() ? new ArrayList<>() : wrong.computeIfAbsent(gateway, id -> new ArrayList<>());
        long nowNs = System.nanoTime();
        misses.removeIf(atNs -> nowNs - atNs > WRONG_NS);
        if (misses.size() >= WRONG_MAX) {
            throw new Refusal(429, "too many wrong secrets for this gateway; wait ten minutes");
        }
        byte[] hash = utf8(hash(secret));
        Ledger.Token token = null;
        for (Ledger.Token each : its) {
            token = MessageDigest.isEqual(utf8(each.hash()), hash) ? each : token;
        }
        if (token == null) {
            misses.add(nowNs);
            throw new Refusal(401, "unknown: no such token for this gateway");
        }
        if (token.used()) {
            throw new Refusal(410, "used: this token has been used");
        }
        if (token.expiresS() <= System.currentTimeMillis() / 1_000) {
            throw new Refusal(410, "expired: this token has run out");
        }
        return token;
    }

    /** What is kept of a secret. */
    static String hash(String secret) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8(secret)));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private PublicKey check(byte[] request, String gateway, String site) throws IOException {
        try {
            return authority.check(request, gateway, site);
        } catch (IOException none) {
            throw new Refusal(400, "the request is not good: " + none.getMessage());
        }
    }

    private void reenrol(HttpExchange exchange) throws IOException {
        byte[] request = request(exchange);
        X509Certificate shown = shown(exchange);
        String gateway = Identity.gateway(shown);
        Renewal.Life life = Identity.life(shown);
        X509Certificate[] issued = new X509Certificate[1];
        Policy policy = Ledger.change(dir, ledger -> {
            Ledger.Box box;
            try {
                box = ledger.box(gateway);
            } catch (IOException unknown) {
                throw new Refusal(403, "unknown: no such gateway here");
            }
            if (!check(request, gateway, box.site()).equals(shown.getPublicKey())) {
                throw new Refusal(400, "the request is for another key; a new key needs a token");
            }
            if (!SixWords.of(shown.getPublicKey()).equals(box.words())) {
                throw new Refusal(403, "replaced: this gateway was enrolled again with another key");
            }
            Policy given = Policy.of(box.state(), life, box.sinceMs(), System.currentTimeMillis());
            if (given == Policy.GOOD || given == Policy.QUARANTINE) {
                boolean quarantine = given == Policy.QUARANTINE;
                issued[0] = authority.gateway(
                        request, gateway, box.site(), quarantine, Authority.Span.of(settings.lifeS()));
                Policy.State state = quarantine ? Policy.State.QUARANTINE : Policy.State.GOOD;
                ledger.put(new Ledger.Box(
                        gateway,
                        box.site(),
                        state,
                        box.sinceMs(),
                        issued[0].getNotAfter().toInstant().toEpochMilli(),
                        issued[0].getSerialNumber().toString(16),
                        box.words()));
                if (state != box.state()) {
                    makeLists(ledger);
                }
            }
            return given;
        });
        switch (policy) {
            case GOOD, QUARANTINE -> {
                log("reenrol", gateway + " " + policy);
                give(exchange, issued[0]);
            }
            case LATER -> {
                exchange.getResponseHeaders().set("Retry-After", String.valueOf(settings.retryS()));
                exchange.sendResponseHeaders(202, -1);
            }
            case REVOKED -> throw new Refusal(403, "revoked: this gateway was revoked");
            case GONE -> throw new Refusal(403, "gone: the certificate ran out too long ago; a new token is needed");
        }
    }

    private static X509Certificate shown(HttpExchange exchange) throws IOException {
        try {
            if (exchange instanceof HttpsExchange tls
                    && tls.getSSLSession().getPeerCertificates()[0] instanceof X509Certificate certificate) {
                return certificate;
            }
        } catch (SSLPeerUnverifiedException none) {
            // told below
        }
        throw new Refusal(401, "no certificate: show the one that is to be renewed");
    }

    private void give(HttpExchange exchange, X509Certificate certificate) throws IOException {
        exchange.getResponseHeaders()
                .set(
                        "Wasla-Servers",
                        String.join(
                                " ",
                                settings.servers().stream()
                                        .map(Object::toString)
                                        .toList()));
        answer(exchange, 200, PKCS7, authority.answer(List.of(certificate, authority.own())));
    }
}
