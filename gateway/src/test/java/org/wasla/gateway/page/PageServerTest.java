package org.wasla.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/** The page's side of the network, with clients that mean no good: what they may hold, see and change is bounded. */
class PageServerTest {
    private static final long REQUEST_MS = 700;
    private static final String PIN = "482915";

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Fake box = new Fake();
    private int port;

    /** Notes what it is told. */
    private static final class Fake implements Box {
        private final List<String> told = new CopyOnWriteArrayList<>();
        private final AtomicReference<NewDevice> added = new AtomicReference<>();

        @Override
        public String name() {
            return "gw-test";
        }

        @Override
        public String words(String language) {
            return "{}";
        }

        @Override
        public String view() {
            return "{\"gw\":\"gw-test\"}";
        }

        @Override
        public void identify(String port, boolean probes) throws Refused {
            if (port.isEmpty()) {
                throw new Refused("which port?");
            }
            told.add("identify " + port + " " + probes);
        }

        @Override
        public void compare(String port, String profile, String link) {
            told.add("compare");
        }

        @Override
        public void capture(String port) {
            told.add("capture");
        }

        @Override
        public void cancel() {
            told.add("cancel");
        }

        @Override
        public @Nullable File captured() {
            return null;
        }

        @Override
        public boolean add(NewDevice device, String by) {
            added.set(device);
            return true;
        }

        @Override
        public @Nullable Notes notes(String profile, String language) {
            return profile.equals("known") ? new Notes("# <b>" + language, List.of("rs232")) : null;
        }

        @Override
        public void audit(String event, String address, String what) {
            told.add(event + " " + address + " " + what);
        }
    }

    private PageServer serve(PageSettings.@Nullable Tls tls, @Nullable Path pin) throws IOException {
        port = Mosquitto.freePort();
        PageSettings settings = new PageSettings("127.0.0.1", port, tls, pin, List.of(), List.of());
        PageServer server = new PageServer(settings, box, REQUEST_MS);
        server.start();
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertTrue(open.isConnected());
                return server;
            } catch (IOException starting) {
                assertTrue(System.nanoTime() - endNs < 0, "the page is not served");
                Thread.onSpinWait();
            }
        }
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = to(path).POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String csrf(String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = to("/api/session");
        if (headers.length > 0) {
            request.headers(headers);
        }
        String body =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
        Matcher csrf = Pattern.compile("\"csrf\":\"([^\"]+)\"").matcher(body);
        assertTrue(csrf.find(), body);
        return csrf.group(1);
    }

    /** What comes for these bytes until the server ends the connection. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void everyAnswerKeepsTheBrowserFromMischief() throws Exception {
        try (PageServer server = serve(null, null)) {
            for (String path : List.of("/", "/page.js", "/api/session", "/nothing", "/../page.js", "/%2e%2e/page.js")) {
                var headers = get(path).headers();
                String policy = headers.firstValue("Content-Security-Policy").orElse("");
                assertTrue(policy.startsWith("default-src 'self';"), path + ": " + policy);
                assertTrue(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), policy);
                assertEquals(
                        "nosniff", headers.firstValue("X-Content-Type-Options").orElse(""), path);
            }
            assertEquals(404, get("/../../etc/passwd").statusCode());
            String tag = get("/page.js").headers().firstValue("ETag").orElseThrow();
            HttpResponse<String> again = http.send(
                    to("/page.js").header("If-None-Match", tag).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(304, again.statusCode());
            assertEquals("", again.body());
            assertEquals(
                    "{\"html\":\"<h3>&lt;b&gt;fr</h3>\",\"wiring\":[\"rs232\"]}",
                    get("/api/notes?profile=known&lang=fr").body());
            assertEquals(404, get("/api/notes?profile=..%2fx&lang=fr").statusCode());
            assertTrue(server.hosts().isOurs("127.0.0.1:" + port));
        }
    }

    @Test
    void aForeignSiteChangesNothing() throws Exception {
        try (PageServer server = serve(null, null)) {
            String csrf = csrf();
            String order = "{\"do\":\"identify\",\"port\":\"/dev/x\"}";
            String json = "application/json";
            assertEquals(403, post("/api/setup", order, "Content-Type", json).statusCode(), "without its token");
            assertEquals(
                    403,
                    post(
                                    "/api/setup",
                                    order,
                                    "Content-Type",
                                    json,
                                    "X-Wasla-Csrf",
                                    csrf,
                                    "Origin",
                                    "http://evil.example")
                            .statusCode());
            assertEquals(
                    415,
                    post("/api/setup", order, "Content-Type", "text/plain", "X-Wasla-Csrf", csrf)
                            .statusCode());
            String rebound = raw("GET /api/session HTTP/1.1\r\nHost: evil.example:" + port + "\r\n\r\n");
            assertTrue(rebound.startsWith("HTTP/1.1 403 ") && !rebound.contains("csrf\""), rebound);
            assertEquals(List.of(), box.told);
            assertEquals(
                    200,
                    post("/api/setup", order, "Content-Type", json, "X-Wasla-Csrf", csrf)
                            .statusCode());
            assertEquals(List.of("identify /dev/x false", "page-identify 127.0.0.1 /dev/x"), box.told);
            HttpResponse<String> refused =
                    post("/api/setup", "{\"do\":\"identify\"}", "Content-Type", json, "X-Wasla-Csrf", csrf);
            assertEquals(409, refused.statusCode());
            assertEquals("{\"error\":\"refused\",\"what\":\"which port?\"}", refused.body());
            assertEquals(
                    400,
                    post("/api/setup", "[1]", "Content-Type", json, "X-Wasla-Csrf", csrf)
                            .statusCode());
            assertFalse(server.access().hasPins());
        }
    }

    @Test
    void aPinLetsInAndWrongOnesWait() throws Exception {
        Path pins = folder.resolve("pins");
        Pins.write(pins, Role.INSTALLER, PIN.toCharArray(), 1_000);
        try (PageServer server = serve(null, pins)) {
            String csrf = csrf();
            String json = "application/json";
            String device = "{\"id\":\"oxi-1\",\"location\":\"rea1/b07\",\"profile\":\"p\",\"link\":\"serial:/dev/x\"}";
            assertEquals(
                    403,
                    post("/api/device", device, "Content-Type", json, "X-Wasla-Csrf", csrf)
                            .statusCode());
            HttpResponse<String> in =
                    post("/api/login", "{\"pin\":\"" + PIN + "\"}", "Content-Type", json, "X-Wasla-Csrf", csrf);
            assertEquals(200, in.statusCode(), in.body());
            String cookie = in.headers().firstValue("Set-Cookie").orElseThrow();
            assertTrue(cookie.endsWith("; Path=/; HttpOnly; SameSite=Strict"), cookie);
            String session = cookie.substring(0, cookie.indexOf(';'));
            String own = csrf("Cookie", session);
            assertEquals(
                    200,
                    post("/api/device", device, "Content-Type", json, "X-Wasla-Csrf", own, "Cookie", session)
                            .statusCode());
            assertEquals(new Box.NewDevice("oxi-1", "rea1/b07", "p", "serial:/dev/x"), box.added.get());
            post("/api/logout", "{}", "Content-Type", json, "X-Wasla-Csrf", own, "Cookie", session);
            assertEquals(
                    403,
                    post("/api/device", device, "Content-Type", json, "X-Wasla-Csrf", csrf, "Cookie", session)
                            .statusCode());
            int[] codes = new int[4];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = post(
                                "/api/login",
                                "{\"pin\":\"00000" + i + "\"}",
                                "Content-Type",
                                json,
                                "X-Wasla-Csrf",
                                csrf)
                        .statusCode();
            }
            assertEquals(List.of(403, 403, 403, 429), List.of(codes[0], codes[1], codes[2], codes[3]));
            HttpResponse<String> right =
                    post("/api/login", "{\"pin\":\"" + PIN + "\"}", "Content-Type", json, "X-Wasla-Csrf", csrf);
            assertEquals(429, right.statusCode(), "the right one waits too, or waiting would tell");
            assertTrue(box.told.contains("page-login-refused 127.0.0.1 nobody"), box.told.toString());
            assertFalse(box.told.toString().contains(PIN) || box.told.toString().contains("00000"), "a PIN is told");
            assertTrue(server.access().hasPins());
        }
    }

    @Test
    void largeAndStrangeRequestsAreRefused() throws Exception {
        try (PageServer server = serve(null, null)) {
            String host = "Host: 127.0.0.1:" + port + "\r\n";
            assertTrue(raw("POST /api/setup HTTP/1.1\r\n" + host + "Content-Length: 5000\r\n\r\n" + "x".repeat(5_000))
                    .startsWith("HTTP/1.1 413"));
            assertTrue(raw("GET / HTTP/1.1\r\n" + host + "X: " + "x".repeat(9_000) + "\r\n\r\n")
                    .startsWith("HTTP/1.1 400"));
            assertTrue(raw("GET /" + "x".repeat(3_000) + " HTTP/1.1\r\n" + host + "\r\n")
                    .startsWith("HTTP/1.1 400"));
            assertTrue(raw("PUT / HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n")
                    .startsWith("HTTP/1.1 405"));
            assertTrue(raw("\u0016\u0003\u0001garbage\r\n\r\n").startsWith("HTTP/1.1 400"));
            assertEquals(200, get("/").statusCode(), "it goes on");
            assertTrue(server.requestMs() > 0);
        }
    }

    @Test
    void slowAndManyClientsHoldNoPlaces() throws Exception {
        List<Socket> many = new ArrayList<>();
        try (PageServer server = serve(null, null)) {
            for (int i = 0; i < 40; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));
                many.add(socket);
            }
            for (Socket each : many) {
                // Ended by the server: those beyond its bound at once, the others when their time is over.
                assertEquals(-1, each.getInputStream().read());
            }
            assertEquals(200, get("/").statusCode());
            assertFalse(server.streams().isWatched());
        } finally {
            for (Socket each : many) {
                each.close();
            }
        }
    }

    @Test
    void aMessageASecondGoesToSoManyBrowsersAndNoMore() throws Exception {
        List<Socket> watching = new ArrayList<>();
        try (PageServer server = serve(null, null)) {
            String request = "GET /events HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n";
            for (int i = 0; i < Streams.MAX; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                watching.add(socket);
            }
            for (Socket each : watching) {
                String event = "data: {\"gw\":\"gw-test\"}\n\n";
                assertTrue(until(each.getInputStream(), event).contains("text/event-stream"));
            }
            assertTrue(raw(request).startsWith("HTTP/1.1 503"));
            watching.get(0).close();
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            String again = "";
            while (!again.startsWith("HTTP/1.1 200")) {
                assertTrue(System.nanoTime() - endNs < 0, "its place is free again");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                watching.add(socket);
                again = until(socket.getInputStream(), "\r\n");
            }
            assertTrue(server.streams().isWatched());
        } finally {
            for (Socket each : watching) {
                each.close();
            }
        }
    }

    private static String until(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                return text.toString();
            }
            text.append((char) next);
        }
        return text.toString();
    }

    /** The certificate that the box makes is one for others too: openssl reads it, verifies it and its connection. */
    @Test
    void theBoxsOwnCertificateIsSound() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        Path file = folder.resolve("local/page.p12");
        String first;
        try (PageServer server = serve(new PageSettings.Tls(file, true), null)) {
            first = server.fingerprint();
            String said = openssl("s_client", "-connect", "127.0.0.1:" + port, "-tls1_2", "-showcerts");
            Matcher pem = Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL)
                    .matcher(said);
            assertTrue(pem.find(), said);
            Path certificate = Files.writeString(folder.resolve("page.pem"), pem.group() + "\n");
            assertTrue(openssl("verify", "-x509_strict", "-CAfile", certificate.toString(), certificate.toString())
                    .contains(": OK"));
            String text = openssl(
                    "x509",
                    "-in",
                    certificate.toString(),
                    "-noout",
                    "-fingerprint",
                    "-sha256",
                    "-ext",
                    "subjectAltName");
            assertTrue(text.contains("=" + first.replaceAll("(..)(..)(..)", "$1:$2:$3")), text + first);
            assertTrue(text.contains("DNS:gw-test, IP Address:127.0.0.1"), text);
            assertTrue(openssl("s_client", "-connect", "127.0.0.1:" + port, "-tls1_1")
                    .contains("no peer certificate"));
        }
        try (PageServer server = serve(new PageSettings.Tls(file, true), null)) {
            assertEquals(first, server.fingerprint(), "the same after a start: the engineer compared it once");
        }
    }

    private String openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/openssl"));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("openssl.out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
