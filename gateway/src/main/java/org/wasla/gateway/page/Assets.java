package org.wasla.gateway.page;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/** The page's files, read once, each with its hash. Immutable. */
final class Assets {
    private static final Map<String, String> FILES = Map.of(
            "/", "index.html",
            "/page.css", "page.css",
            "/page.js", "page.js",
            "/draw.js", "draw.js",
            "/assistant.js", "assistant.js",
            "/icon.svg", "icon.svg",
            "/fr.json", "fr.json",
            "/en.json", "en.json",
            "/ar.json", "ar.json");
    /** Drawings beside a profile's notes, by the names that profiles have for them. */
    private static final List<String> WIRING = List.of(
            "rs232",
            "rs232-rts-cts",
            "rs232-db25",
            "rj45-serial",
            "rj45-mib",
            "rs485",
            "ethernet",
            "usb",
            "logic-level",
            "listening",
            "isolation");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json");

    private final Map<String, Asset> assets = new HashMap<>();

    /** A file. */
    record Asset(String type, String tag, Bytes content) {}

    /** @param more further files of JSON, by their address */
    Assets(Map<String, String> more) throws IOException {
        more.forEach((path, json) -> {
            byte[] content = json.getBytes(StandardCharsets.UTF_8);
            assets.put(path, asset("json", content));
        });
        Map<String, String> files = new HashMap<>(FILES);
        WIRING.forEach(kind -> files.put("/wiring/" + kind + ".svg", "wiring/" + kind + ".svg"));
        for (Map.Entry<String, String> each : files.entrySet()) {
            String name = each.getValue();
            try (InputStream in = Assets.class.getResourceAsStream("/page/" + name)) {
                if (in == null) {
                    throw new IOException("the page's file " + name + " is missing in the program");
                }
                assets.put(each.getKey(), asset(name.substring(name.indexOf('.') + 1), in.readAllBytes()));
            }
        }
    }

    private static Asset asset(String kind, byte[] content) {
        return new Asset(TYPES.getOrDefault(kind, "text/plain"), "\"" + hash(content) + "\"", Bytes.of(content));
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 8);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    @Nullable
    Asset find(String path) {
        return assets.get(path);
    }
}
