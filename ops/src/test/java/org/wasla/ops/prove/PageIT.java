package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.page.Pins;
import org.wasla.gateway.page.Role;
import org.wasla.gateway.uplink.Mosquitto;

/** The page as an engineer meets it: a real browser, a real agent, devices on pseudo-terminals. */
class PageIT {
    private static final String PIN = "482915";

    @TempDir
    Path folder;

    @BeforeEach
    void needsBrowser() {
        Assumptions.assumeTrue(Browser.missing().isEmpty(), Browser.missing());
    }

    private int serve(Ward ward) throws IOException {
        int port = Mosquitto.freePort();
        Path pins = folder.resolve("pins");
        Pins.write(pins, Role.INSTALLER, PIN.toCharArray());
        ward.section("page: {listen: \"127.0.0.1:" + port + "\", pin: " + pins + ", ports: [" + folder + "/port-*]}");
        ward.startAgent();
        Platform.await("the page", () -> has(ward.log(), "page url="));
        return port;
    }

    private static boolean has(Path log, String text) {
        try {
            return Files.exists(log) && Files.readString(log).contains(text);
        } catch (IOException changing) {
            return false;
        }
    }

    private static boolean has(Platform platform, String topicEnd, String part) {
        return platform.messages().stream()
                .anyMatch(message ->
                        message.topic().endsWith(topicEnd) && message.payload().contains(part));
    }

    /** From a cable to a bed: languages, values and waves on the way, a wrong PIN, and nothing to complain of. */
    @Test
    void theAssistantBringsADeviceToABed() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            ward.add("oxi-1", "nonin-df2", 1, Set.of());
            ward.plugIn("new", "masimo-ascii1", 1, Set.of());
            int port = serve(ward);
            try (Browser browser = Browser.start(folder)) {
                browser.open("http://127.0.0.1:" + port + "/");
                browser.await("[data-k='oxi-1'] .value .num", "9");
                assertTrue(browser.text("#note").contains("pas un système d'alarme"), browser.text("#note"));
                languages(browser);
                assertTrue(
                        browser.script("const c = document.querySelector('canvas');"
                                        + " return c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
                                        + ".some(each => each > 0);")
                                .asBoolean(),
                        "a wave is drawn");
                enter(browser, port);
                add(browser, ward);
                assertEquals(List.of(), browser.complaints());
            }
            Platform.await("records of the new device", () -> platform.records("oxi-b07", "obs") >= 2);
            assertTrue(has(platform, "/cfg/reported", "\"local\":true"));
            assertTrue(has(platform, "/audit", "\"e\":\"page-login-refused\""));
            assertTrue(has(platform, "/audit", "\"e\":\"device-added\""));
            assertFalse(
                    platform.messages().stream()
                            .anyMatch(message -> message.payload().contains(PIN)),
                    "a PIN got out");
            assertFalse(has(ward.log(), PIN), "a PIN is in the log");
        }
    }

    private static void languages(Browser browser) throws IOException {
        browser.click("[data-lang=en]");
        browser.await("#note", "not an alarm system");
        browser.click("[data-lang=ar]");
        browser.await("#note", "نظام إنذار");
        assertEquals(
                "rtl",
                browser.script("return getComputedStyle(document.body).direction")
                        .asText());
        browser.click("[data-lang=fr]");
        browser.await("#note", "système d'alarme");
    }

    private static void enter(Browser browser, int port) throws IOException {
        browser.click("#key");
        browser.type("#pin", "000000");
        browser.click("#login [type=submit]");
        browser.await("#login-error", "pas le bon");
        // What the browser itself notes of the refusal.
        List<String> refusal = browser.complaints();
        assertTrue(refusal.stream().allMatch(each -> each.contains("403")) && refusal.size() == 1, refusal.toString());
        browser.type("#pin", PIN);
        browser.click("#login [type=submit]");
        browser.await("#key", "Quitter");
        assertTrue(browser.script("return document.cookie").asText().isEmpty(), "the session is not for scripts");
    }

    private void add(Browser browser, Ward ward) throws IOException {
        browser.click("#ports li:has(button:not([hidden])) button");
        browser.await("#assistant", "Masimo");
        browser.click("#assistant .candidate button");
        browser.await("#assistant .notes", "ASCII 1");
        browser.click("#assistant .row button.main");
        browser.await("#assistant .compare", "SpO₂");
        for (int i = 1; i <= 3; i++) {
            browser.click("#assistant .compare label:nth-child(" + i + ") input");
        }
        browser.click("#compared");
        browser.type("#new-id", "oxi-b07");
        browser.type("#new-place", "rea1/b07");
        browser.click("#save");
        browser.await("#assistant", "oxi-b07 est ajouté");
        browser.click("#assistant .row button.main");
        browser.await("[data-k='oxi-b07'] .value .num", "9");
        String local = Files.readString(ward.buffer().resolve("local/devices.yaml"), StandardCharsets.UTF_8);
        assertTrue(local.contains("\"id\":\"oxi-b07\",\"profile\":\"masimo-ascii1\",\"location\":\"rea1/b07\""), local);
    }
}
