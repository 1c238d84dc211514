package org.wasla.gateway.imaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.FileHead;

/**
 * Objects by STOW-RS (PS3.18 section 10.5), one a request, streamed in chunks; connections are kept by Java. A text of the
 * answer is never told: it may name patients.
 */
final class WebDelivery implements Delivery {
    private static final int CONNECT_MS = 10_000;
    private static final int ANSWER_MS = 120_000;
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int ANSWER_BYTES_MAX = 64 << 10;
    private static final int ACCEPTED = 202;
    /** Failed SOP Sequence, and in it Failure Reason. */
    private static final Pattern FAILED = Pattern.compile("\"00081198\"\\s*:\\s*\\{[^}]*\"Value\"\\s*:\\s*\\[\\s*\\{");

    private static final Pattern REASON =
            Pattern.compile("\"00081197\"\\s*:\\s*\\{[^}]*\"Value\"\\s*:\\s*\\[\\s*(\\d{1,5})");

    private final ForwardSettings.Web web;
    private final @Nullable SSLSocketFactory tls;
    private volatile @Nullable HttpURLConnection current;

    WebDelivery(ForwardSettings.Web web) throws IOException {
        this.web = web;
        this.tls = web.tls() == null ? null : TlsDial.read(web.tls()).factory();
    }

    @Override
    public boolean takes(FileHead head) {
        return true;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public Answer send(FileHead head, Body body) throws IOException {
        HttpURLConnection http = open();
        current = http;
        try {
            String boundary = "wasla-" + UUID.randomUUID();
            http.setRequestProperty(
                    "Content-Type", "multipart/related; type=\"application/dicom\"; boundary=" + boundary);
            try (OutputStream out = http.getOutputStream()) {
                out.write(("--" + boundary + "\r\nContent-Type: application/dicom\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(FileHead.write(head.sopClass(), head.instance(), head.transferSyntax(), head.sender()));
                body.write(out);
                out.write(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            int code = http.getResponseCode();
            return answer(code, text(http, code));
        } catch (HttpRetryException refused) {
            return answer(refused.responseCode(), "");
        } finally {
            current = null;
        }
    }

    private HttpURLConnection open() throws IOException {
        String base = web.base().toString();
        String studies = base.endsWith("/") ? base + "studies" : base + "/studies";
        HttpURLConnection http =
                (HttpURLConnection) web.base().resolve(studies).toURL().openConnection();
        if (http instanceof HttpsURLConnection https && tls != null) {
            https.setSSLSocketFactory(tls);
        }
        http.setRequestMethod("POST");
        http.setDoOutput(true);
        http.setUseCaches(false);
        http.setInstanceFollowRedirects(false);
        http.setConnectTimeout(CONNECT_MS);
        http.setReadTimeout(ANSWER_MS);
        http.setChunkedStreamingMode(CHUNK_BYTES);
        http.setRequestProperty("Accept", "application/dicom+json");
        if (web.authorization() != null) {
            http.setRequestProperty("Authorization", web.authorization());
        }
        return http;
    }

    /** All of a short answer, so that the connection can be used again. */
    private static String text(HttpURLConnection http, int code) throws IOException {
        try (InputStream in = code < 400 ? http.getInputStream() : http.getErrorStream()) {
            return in == null ? "" : new String(in.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.ISO_8859_1);
        }
    }

    /** One object was in the request: with 200 it is there, with 202 the answer says whether it is, with 409 it is not. */
    static Answer answer(int code, String text) {
        Matcher reason = REASON.matcher(text);
        String told = reason.find() ? String.format("status-%04X", Integer.parseInt(reason.group(1))) : "http-" + code;
        if (code == HttpURLConnection.HTTP_OK || code == ACCEPTED) {
            boolean isFailed = FAILED.matcher(text).find();
            Verdict stored = code == ACCEPTED ? Verdict.SENT_WITH_WARNING : Verdict.SENT;
            return new Answer(isFailed ? refusal(reason, told) : stored, told);
        }
        return switch (code) {
            case HttpURLConnection.HTTP_CONFLICT -> new Answer(refusal(reason, told), told);
            case HttpURLConnection.HTTP_BAD_REQUEST,
                    HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
                    HttpURLConnection.HTTP_UNSUPPORTED_TYPE -> new Answer(Verdict.REFUSED, told);
            default -> new Answer(Verdict.LATER, told);
        };
    }

    /** A failure reason means what it means as a status of C-STORE. */
    private static Verdict refusal(Matcher reason, String told) {
        boolean isLater = told.startsWith("status-")
                && NodeDelivery.answer(Integer.parseInt(reason.group(1))).verdict() == Verdict.LATER;
        return isLater ? Verdict.LATER : Verdict.REFUSED;
    }

    @Override
    public void abort() {
        HttpURLConnection http = current;
        if (http != null) {
            http.disconnect();
        }
    }

    @Override
    public void close() {
        abort();
    }
}
