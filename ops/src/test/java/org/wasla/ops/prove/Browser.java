package org.wasla.ops.prove;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.wasla.gateway.uplink.Mosquitto;

/** A real Chromium without a screen, steered by WebDriver (W3C). One thread. */
final class Browser implements AutoCloseable {
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process driver;
    private final URI base;
    private String session = "";

    private Browser(Process driver, URI base) {
        this.driver = driver;
        this.base = base;
    }

    /** Why there is none here; empty when there is. */
    static String missing() {
        return Files.isExecutable(DRIVER) ? "" : "chromium-driver is not installed";
    }

    /** @param folder for the browser's own files and the driver's log */
    static Browser start(Path folder) throws IOException, InterruptedException {
        int port = Mosquitto.freePort();
        Process driver = new ProcessBuilder(DRIVER.toString(), "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("driver.log").toFile())
                .start();
        Browser browser = new Browser(driver, URI.create("http://127.0.0.1:" + port));
        Platform.await("the browser's driver", browser::isReady);
        List<String> flags = List.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--window-size=1280,900",
                "--user-data-dir=" + folder.resolve("chromium"));
        Map<String, Object> wanted = Map.of(
                "acceptInsecureCerts", true,
                "goog:loggingPrefs", Map.of("browser", "ALL"),
                "goog:chromeOptions", Map.of("args", flags));
        browser.session = browser.post("/session", Map.of("capabilities", Map.of("alwaysMatch", wanted)))
                .path("sessionId")
                .asText();
        return browser;
    }

    private boolean isReady() {
        try {
            return send(HttpRequest.newBuilder(base.resolve("/status")).build())
                    .path("ready")
                    .asBoolean();
        } catch (IOException starting) {
            return false;
        }
    }

    private JsonNode send(HttpRequest request) throws IOException {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode value = JSON.readTree(answer.body()).path("value");
            if (answer.statusCode() != 200) {
                throw new IOException(value.path("error").asText() + ": "
                        + value.path("message").asText().lines().findFirst().orElse(""));
            }
            return value;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException(stop);
        }
    }

    private JsonNode post(String path, Object body) throws IOException {
        String full = session.isEmpty() ? path : "/session/" + session + path;
        return send(HttpRequest.newBuilder(base.resolve(full))
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build());
    }

    void open(String url) throws IOException {
        post("/url", Map.of("url", url));
    }

    /** What a script returns; {@code arguments} are its. */
    JsonNode script(String script, Object... arguments) throws IOException {
        return post("/execute/sync", Map.of("script", script, "args", List.of(arguments)));
    }

    /** What stands at the first such place; empty when there is none, or it is hidden. */
    String text(String css) throws IOException {
        return script("const e = document.querySelector(arguments[0]); return e ? e.innerText : '';", css)
                .asText();
    }

    /** Waits until that text stands somewhere in the first such place. */
    void await(String css, String part) {
        try {
            Platform.await("'" + part + "' at " + css, () -> holds(css, part));
        } catch (AssertionError vain) {
            throw new AssertionError(vain.getMessage() + "; there stands: " + shown(), vain);
        }
    }

    private boolean holds(String css, String part) {
        try {
            return text(css).contains(part);
        } catch (IOException changing) {
            return false;
        }
    }

    private String shown() {
        try {
            return text("body");
        } catch (IOException gone) {
            return String.valueOf(gone.getMessage());
        }
    }

    private String element(String css) throws IOException {
        return post("/element", Map.of("using", "css selector", "value", css))
                .path(ELEMENT)
                .asText();
    }

    /** As a finger does: what is not to be seen cannot be clicked. */
    void click(String css) throws IOException {
        post("/element/" + element(css) + "/click", Map.of());
    }

    void type(String css, String text) throws IOException {
        post("/element/" + element(css) + "/value", Map.of("text", text));
    }

    /** Keys on whatever has the focus. */
    void keys(String text) throws IOException {
        List<Map<String, String>> presses = new ArrayList<>();
        text.codePoints().mapToObj(Character::toString).forEach(key -> {
            presses.add(Map.of("type", "keyDown", "value", key));
            presses.add(Map.of("type", "keyUp", "value", key));
        });
        post("/actions", Map.of("actions", List.of(Map.of("type", "key", "id", "keys", "actions", presses))));
    }

    /** As a telephone of that width shows it. */
    void phone(int width, int height) throws IOException {
        Map<String, Object> metrics = Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", true);
        post("/goog/cdp/execute", Map.of("cmd", "Emulation.setDeviceMetricsOverride", "params", metrics));
    }

    /** The whole page. */
    void picture(Path file) throws IOException {
        Map<String, Object> how = Map.of("format", "png", "captureBeyondViewport", true);
        JsonNode picture = post("/goog/cdp/execute", Map.of("cmd", "Page.captureScreenshot", "params", how));
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(picture.path("data").asText()));
    }

    /** A window as wide as a guide's page. */
    void window(int width, int height) throws IOException {
        post("/window/rect", Map.of("width", width, "height", height));
    }

    /**
     * Of one place alone, in few colours.
     *
     * @param scale 1 is as large as on the screen
     */
    void picture(Path file, String css, double scale) throws IOException {
        JsonNode place = script(
                "const r = document.querySelector(arguments[0]).getBoundingClientRect();"
                        + " return {x: r.x + scrollX, y: r.y + scrollY, width: r.width, height: r.height, scale: arguments[1]};",
                css,
                scale);
        Map<String, Object> how = Map.of("format", "png", "captureBeyondViewport", true, "clip", place);
        JsonNode picture = post("/goog/cdp/execute", Map.of("cmd", "Page.captureScreenshot", "params", how));
        Picture.write(Base64.getDecoder().decode(picture.path("data").asText()), file);
    }

    /** What the browser complained of since the last look. */
    List<String> complaints() throws IOException {
        List<String> complaints = new ArrayList<>();
        post("/se/log", Map.of("type", "browser")).forEach(entry -> {
            // Its own first page is none of ours, and complains of a slow machine.
            boolean isOurs = !entry.path("message").asText().startsWith("chrome://");
            if (isOurs && !entry.path("level").asText().equals("DEBUG")) {
                complaints.add(entry.path("level").asText() + " "
                        + entry.path("message").asText());
            }
        });
        return complaints;
    }

    @Override
    public void close() {
        try {
            if (!session.isEmpty()) {
                send(HttpRequest.newBuilder(base.resolve("/session/" + session))
                        .DELETE()
                        .build());
            }
        } catch (IOException gone) {
            // It is ended below in any case.
        }
        driver.descendants().forEach(ProcessHandle::destroyForcibly);
        driver.destroy();
        try {
            driver.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
