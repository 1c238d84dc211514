package org.wasla.gateway.page;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.observation.JsonText;

/** An answer, and the headers that all answers carry. Immutable. */
record Reply(int status, String type, Bytes body, Map<String, String> headers) {
    private static final String JSON = "application/json";
    /** Nothing comes from elsewhere, nothing runs that stands in the page itself, and nobody frames it. */
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

    Reply {
        headers = Map.copyOf(headers);
    }

    static Reply empty(int status) {
        return new Reply(status, JSON, Bytes.NONE, Map.of());
    }

    static Reply json(String json) {
        return new Reply(200, JSON, Bytes.of(json.getBytes(StandardCharsets.UTF_8)), Map.of());
    }

    /** @param key of the sentence that the page shows; {@code what} goes with it where the box has its own words */
    static Reply refused(int status, String key, String what) {
        String json = JsonText.write(text -> {
            text.writeStringField("error", key);
            what(text, what);
        });
        return new Reply(status, JSON, Bytes.of(json.getBytes(StandardCharsets.UTF_8)), Map.of());
    }

    private static void what(JsonGenerator json, String what) throws IOException {
        if (!what.isEmpty()) {
            json.writeStringField("what", what);
        }
    }

    Reply with(String header, String value) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(header, value);
        return new Reply(status, type, body, all);
    }

    FullHttpResponse response() {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body.toArray()));
        HttpHeaders into = response.headers();
        protect(into);
        into.set(HttpHeaderNames.CONTENT_TYPE, type);
        into.set(HttpHeaderNames.CONTENT_LENGTH, body.size());
        into.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        headers.forEach(into::set);
        return response;
    }

    static void protect(HttpHeaders into) {
        into.set("Content-Security-Policy", POLICY);
        into.set("X-Content-Type-Options", "nosniff");
        into.set("X-Frame-Options", "DENY");
        into.set("Referrer-Policy", "no-referrer");
        into.set("Cross-Origin-Resource-Policy", "same-origin");
        into.set("Cross-Origin-Opener-Policy", "same-origin");
    }
}
