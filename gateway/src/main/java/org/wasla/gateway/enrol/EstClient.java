package org.wasla.gateway.enrol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.wasla.gateway.tls.StrictSockets;

/** The client's side of RFC 7030: a request as PKCS #10, certificates as PKCS #7, both in base64. One thread. */
final class EstClient {
    static final String ENROL = "/.well-known/est/simpleenroll";
    static final String REENROL = "/.well-known/est/simplereenroll";
    /** The region's brokers, with blanks between: ours, not RFC 7030's. */
    static final String SERVERS = "Wasla-Servers";

    private static final int CONNECT_MS = 10_000;
    private static final int READ_MS = 30_000;
    private static final int ANSWER_BYTES_MAX = 64 << 10;
    private static final int WHY_CHARS_MAX = 200;
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int RETRY_S = 300;
    private final URI endpoint;
    private final SSLContext context;

    EstClient(URI endpoint, SSLContext context) {
        this.endpoint = endpoint;
        this.context = context;
    }

    /** With the secret of a token. */
    Answer enrol(byte[] request, String gateway, String secret) throws IOException {
        String both = Base64.getEncoder().encodeToString((gateway + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return ask(ENROL, request, "Basic " + both);
    }

    /** With the certificate that the context shows. */
    Answer reenrol(byte[] request) throws IOException {
        return ask(REENROL, request, "");
    }

    private Answer ask(String path, byte[] request, String authorization) throws IOException {
        HttpsURLConnection http =
                (HttpsURLConnection) endpoint.resolve(path).toURL().openConnection();
        try {
            http.setSSLSocketFactory(new StrictSockets(context.getSocketFactory()));
            http.setConnectTimeout(CONNECT_MS);
            http.setReadTimeout(READ_MS);
            http.setInstanceFollowRedirects(false);
            http.setUseCaches(false);
            http.setDoOutput(true);
            http.setRequestMethod("POST");
            http.setRequestProperty("Content-Type", "application/pkcs10");
            http.setRequestProperty("Content-Transfer-Encoding", "base64");
            http.setRequestProperty("Connection", "close");
            if (!authorization.isEmpty()) {
                http.setRequestProperty("Authorization", authorization);
            }
            try (OutputStream out = http.getOutputStream()) {
                out.write(Base64.getMimeEncoder().encode(request));
            }
            return answer(http);
        } finally {
            http.disconnect();
        }
    }

    private static Answer answer(HttpsURLConnection http) throws IOException {
        int status = http.getResponseCode();
        if (status == ACCEPTED) {
            return new Answer.Later(
                    TimeUnit.SECONDS.toMillis(Math.max(1, http.getHeaderFieldInt("Retry-After", RETRY_S))));
        }
        InputStream in = status < 400 ? http.getInputStream() : http.getErrorStream();
        byte[] body = in == null ? new byte[0] : in.readNBytes(ANSWER_BYTES_MAX);
        if (status != OK) {
            String text = new String(body, StandardCharsets.UTF_8).replaceAll("[^\\x20-\\x7e]+", " ");
            return new Answer.Refused(
                    status,
                    text.substring(0, Math.min(text.length(), WHY_CHARS_MAX)).strip());
        }
        return new Answer.Issued(certificates(body), servers(http.getHeaderField(SERVERS)));
    }

    private static List<X509Certificate> certificates(byte[] base64) throws IOException {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            List<X509Certificate> all = new ArrayList<>();
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(der))) {
                all.add((X509Certificate) each);
            }
            return all;
        } catch (CertificateException | IllegalArgumentException none) {
            throw new IOException("the endpoint's answer holds no certificates: " + none.getMessage(), none);
        }
    }

    private static List<URI> servers(@org.jspecify.annotations.Nullable String header) throws IOException {
        List<URI> all = new ArrayList<>();
        try {
            for (String each : header == null ? new String[0] : header.strip().split("\\s+")) {
                URI uri = URI.create(each);
                if (!"mqtts".equals(uri.getScheme()) || uri.getHost() == null) {
                    throw new IOException("the endpoint names a broker that is not mqtts://HOST:PORT: " + each);
                }
                all.add(uri);
            }
        } catch (IllegalArgumentException none) {
            throw new IOException("the endpoint names a broker that is no address: " + header, none);
        }
        return all;
    }

    /** What went wrong on the way, and what to do. */
    static String explain(IOException failed, URI endpoint) {
        StringBuilder causes = new StringBuilder();
        for (Throwable each = failed; each != null; each = each.getCause()) {
            causes.append(each.getClass().getSimpleName())
                    .append(": ")
                    .append(each.getMessage())
                    .append('\n');
        }
        String all = causes.toString();
        if (all.contains("has the fingerprint")) {
            return endpoint + " is not the region that the token is of: its CA has another fingerprint. Do not go on;"
                    + " tell the region";
        }
        if (all.contains("CertificateExpiredException")) {
            return "the certificate of " + endpoint
                    + " has expired; tell the region, and check this box's clock (it shows "
                    + java.time.Instant.ofEpochMilli(System.currentTimeMillis()) + ")";
        }
        if (all.contains("CertificateNotYetValidException")) {
            return "the certificate of " + endpoint + " is not valid yet; tell the region, and check this box's clock"
                    + " (it shows " + java.time.Instant.ofEpochMilli(System.currentTimeMillis()) + ")";
        }
        if (all.contains("CertificateException: No ")) {
            return "the certificate of " + endpoint + " is for another name; use the name that the region gave";
        }
        if (failed instanceof UnknownHostException) {
            return "nobody knows the name " + endpoint.getHost() + "; check the network and its DNS";
        }
        if (failed instanceof ConnectException) {
            return "nobody answers at " + endpoint + "; check the network, the firewall, and that the endpoint runs";
        }
        return endpoint + " cannot be used: " + failed.getMessage();
    }
}
