package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.bridge.link.Pty;
import org.wasla.gateway.page.Pins;
import org.wasla.gateway.page.Role;
import org.wasla.gateway.uplink.Mosquitto;

/** The page as an engineer meets it: a real browser, a real agent, devices on pseudo-terminals. */
class PageIT {
    private static final String PIN = "482915";
    private static final String TAB = "\uE004";
    private static final String ENTER = "\uE007";
    private static final byte[] LINE = ("06/16/26 08:00:04 SN=0000990002 SPO2=097% BPM=072 PI=03.20% SPCO=--.-%"
                    + " SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\r\n")
            .getBytes(StandardCharsets.US_ASCII);

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
                enter(browser);
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

    private static void enter(Browser browser) throws IOException {
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
        Installer installer = new Installer(browser, ward.port("new").toString());
        installer.recognise("Masimo");
        installer.choose("ASCII 1");
        installer.compare("SpO₂");
        installer.name("oxi-b07", "rea1/b07");
        installer.save("oxi-b07");
        installer.finish();
        browser.await("[data-k='oxi-b07'] .value .num", "9");
        List<String> kept = given(ward);
        assertTrue(
                kept.size() == 1
                        && kept.get(0).contains("oxi-b07")
                        && kept.get(0).contains("rea1/b07"),
                kept.toString());
    }

    /** The lists of devices that were given to the box since it was installed. */
    private static List<String> given(Ward ward) throws IOException {
        List<String> lists = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ward.buffer())) {
            for (Path file : files.filter(each -> each.endsWith("devices.yaml")).toList()) {
                lists.add(Files.readString(file, StandardCharsets.UTF_8));
            }
        }
        return lists;
    }

    /** A device of this form on a line that only fits at one speed, as a real one is. */
    private static final class Speaker implements AutoCloseable {
        private final Pty pty;
        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread thread;

        Speaker(Path link, Function<Integer, byte[]> atBaud) throws IOException {
            pty = Pty.open(link);
            thread = new Thread(() -> speak(atBaud), "speaker");
            thread.start();
        }

        private void speak(Function<Integer, byte[]> atBaud) {
            try {
                while (!over.await(500, TimeUnit.MILLISECONDS)) {
                    pty.write(atBaud.apply(pty.baud()));
                }
            } catch (IOException unplugged) {
                return;
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            over.countDown();
            pty.close();
            try {
                thread.join(5_000);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[60];
        random.nextBytes(noise);
        return noise;
    }

    private void picture(Browser browser, String name) throws IOException {
        browser.picture(Tool.ROOT.resolve("ops/target/page/" + name + ".png"));
    }

    /** What stands on the page when something is wrong, in words; and how it looks, for whoever looks at it. */
    @Test
    @EnabledIfSystemProperty(named = "wasla.long", matches = "true")
    @SuppressWarnings("try") // the devices speak while they are open
    void whatIsWrongIsToldInWords() throws Exception {
        Random random = new Random(7);
        try (Mosquitto broker = Mosquitto.start(folder);
                Ward ward = new Ward(folder, broker.port());
                Speaker fast = new Speaker(ward.port("fast"), baud -> baud == 19_200 ? LINE : noise(random));
                Speaker strange = new Speaker(ward.port("strange"), baud -> noise(random))) {
            ward.add("oxi-1", "masimo-ascii1", 1, Set.of());
            ward.add("vent-2", "pb840", 1, Set.of());
            ward.add("oxi-3", "nonin-df2", 1, Set.of());
            ward.addLine(
                    "oxi-4",
                    "{id: oxi-4, profile: masimo-ascii1, location: rea1/b04, link: \"serial:" + ward.port("fast")
                            + "\"}");
            ward.addLine("oxi-5", "{id: oxi-5, profile: masimo-ascii1, link: \"serial:" + ward.port("none") + "\"}");
            ward.plugIn("new", "masimo-ascii1", 1, Set.of());
            int port = serve(ward);
            try (Browser browser = Browser.start(folder)) {
                browser.open("http://127.0.0.1:" + port + "/");
                browser.await("[data-k='oxi-4'] .quality", "la vitesse est probablement fausse");
                browser.await("[data-k='oxi-5'] .quality", "Le port n'est pas là");
                browser.await("[data-k='vent-2'] .value .num", "0");
                browser.await("[data-k='oxi-3'] .value .num", "9");
                Platform.await("a second or two of waves", () -> isDrawn(browser));
                picture(browser, "fr");
                browser.click("[data-lang=ar]");
                browser.await("#note", "نظام إنذار");
                picture(browser, "ar");
                browser.click("[data-lang=fr]");
                logIn(browser);
                unknown(browser, ward);
                unplugged(browser, ward);
                assertEquals(List.of(), browser.complaints());
            }
        }
    }

    private static boolean isDrawn(Browser browser) {
        try {
            return browser.script("const c = document.querySelector('canvas'); if (!c) return false;"
                            + " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;"
                            + " for (let x = 0; x < c.width; x += 4) for (let y = 0; y < c.height; y++)"
                            + " if (d[4 * (y * c.width + x) + 3]) { n++; break; } return n > c.width / 8;")
                    .asBoolean();
        } catch (IOException changing) {
            return false;
        }
    }

    private static void logIn(Browser browser) throws IOException {
        browser.click("#key");
        browser.type("#pin", PIN);
        browser.click("#login [type=submit]");
        browser.await("#key", "Quitter");
    }

    private void unknown(Browser browser, Ward ward) throws IOException {
        browser.click("#ports li[data-k='" + ward.port("strange") + "'] button");
        browser.await("#assistant", "Le boîtier écoute");
        picture(browser, "listening");
        browser.await("#assistant", "Appareil inconnu");
        picture(browser, "unknown");
        browser.click("#assistant .row button.main");
        browser.await("#assistant", "Enregistrement prêt");
        String capture = browser.script(
                        "const r = new XMLHttpRequest(); r.open('GET', '/api/capture', false); r.send();"
                                + " return r.getResponseHeader('Content-Disposition') + r.responseText;")
                .asText();
        assertTrue(capture.startsWith("attachment; filename=\"gw-test-port-strange.cap\"# start "), capture);
        assertTrue(capture.contains(" < "), capture);
        assertTrue(browser.text("#download").contains("Télécharger"));
        browser.click("#assistant .row button:last-child");
    }

    /** Pulled out while values are compared: told, and no device is made of it. */
    private void unplugged(Browser browser, Ward ward) throws IOException {
        browser.click("#ports li[data-k='" + ward.port("new") + "'] button");
        browser.await("#assistant", "Masimo");
        picture(browser, "found");
        browser.click("#assistant .candidate button");
        browser.click("#assistant .row button.main");
        browser.await("#assistant .compare", "SpO₂");
        picture(browser, "compare");
        ward.unplug("new");
        browser.await("#assistant .error", "Le port est perdu");
        picture(browser, "unplugged");
        assertEquals(List.of(), given(ward));
    }

    /** On an old telephone, with nothing but keys, in Arabic. */
    @Test
    @EnabledIfSystemProperty(named = "wasla.long", matches = "true")
    void aTelephoneAndKeysAreEnough() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Ward ward = new Ward(folder, broker.port())) {
            ward.add("oxi-1", "nonin-df2", 1, Set.of());
            ward.plugIn("new", "masimo-ascii1", 1, Set.of());
            int port = serve(ward);
            try (Browser browser = Browser.start(folder)) {
                browser.phone(360, 740);
                browser.open("http://127.0.0.1:" + port + "/?lang=ar");
                browser.await("[data-k='oxi-1'] .value .num", "9");
                assertTrue(fits(browser), "the page is wider than the telephone");
                picture(browser, "phone-ar");
                reach(browser, "#key");
                browser.keys(ENTER);
                browser.keys(PIN + ENTER);
                browser.await("#key", "خروج");
                reach(browser, "#ports button:not([hidden])");
                browser.keys(ENTER);
                browser.await("#assistant", "Masimo");
                reach(browser, "#assistant .candidate button");
                browser.keys(ENTER);
                reach(browser, "#assistant .row button.main");
                browser.keys(ENTER);
                browser.await("#assistant .compare", "SpO₂");
                for (int i = 1; i <= 3; i++) {
                    reach(browser, "#assistant .compare label:nth-child(" + i + ") input");
                    browser.keys(" ");
                }
                assertTrue(fits(browser), "the assistant is wider than the telephone");
                picture(browser, "phone-compare");
                reach(browser, "#compared");
                browser.keys(ENTER);
                reach(browser, "#new-id");
                browser.keys("oxi-9" + TAB + "rea1/b09" + ENTER);
                browser.await("#assistant", "تمت إضافة oxi-9");
                picture(browser, "phone-done");
                assertEquals(List.of(), browser.complaints());
            }
        }
    }

    private static boolean fits(Browser browser) throws IOException {
        return browser.script("return document.documentElement.scrollWidth <= window.innerWidth;")
                .asBoolean();
    }

    /** Goes there with the tabulator. */
    private static void reach(Browser browser, String css) throws IOException {
        for (int i = 0; i < 60; i++) {
            if (browser.script("return document.activeElement === document.querySelector(arguments[0]);", css)
                    .asBoolean()) {
                return;
            }
            browser.keys(TAB);
        }
        throw new AssertionError("not to be reached with keys: " + css);
    }

    /** Served on the network: over TLS, to nobody without a PIN, and with the fingerprint that the log tells. */
    @Test
    @EnabledIfSystemProperty(named = "wasla.long", matches = "true")
    void onTheNetworkNobodySeesAnythingWithoutAPin() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Ward ward = new Ward(folder, broker.port())) {
            ward.add("oxi-1", "nonin-df2", 1, Set.of());
            int port = Mosquitto.freePort();
            Path pins = folder.resolve("pins");
            Pins.write(pins, Role.VIEWER, PIN.toCharArray());
            ward.section("page: {listen: \"0.0.0.0:" + port + "\", tls: own, pin: " + pins + "}");
            ward.startAgent();
            Platform.await("the page", () -> has(ward.log(), "page url=https"));
            try (Browser browser = Browser.start(folder)) {
                browser.open("https://127.0.0.1:" + port + "/");
                browser.await("#fingerprint", "SHA-256");
                String shown = browser.text("#fingerprint").replaceAll(".*: ", "");
                assertTrue(has(ward.log(), "fingerprint=" + shown), shown);
                assertTrue(browser.script(
                                "return document.getElementById('inside').hidden && !document.querySelector('.device');")
                        .asBoolean());
                picture(browser, "login");
                browser.type("#pin", PIN);
                browser.click("#login [type=submit]");
                browser.await("[data-k='oxi-1'] .value .num", "9");
            }
        }
    }
}
