package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.wasla.bridge.link.Link;
import org.wasla.bridge.link.Pty;
import org.wasla.gateway.simulator.SimulatedDevice;
import org.wasla.ops.demo.PtyLink;

/**
 * {@code ops/prove/install}, before the screen: a person with a browser adds three devices to a box that was just installed,
 * and their values arrive at the broker. What fingers do and how long it takes is counted.
 */
@SuppressWarnings("try") // the devices speak while they are open
final class InstallProof {
    private static final int BROKER_PORT = 1883;
    private static final String LOCAL = "http://127.0.0.1:8080/";
    private static final List<String> DEVICES = List.of("oxi-b07", "oxi-b08", "vent-b07");
    /** Debian's number of the group that serial ports belong to. */
    private static final int DIALOUT = 20;

    private static final List<String> LANGUAGES = List.of("fr", "en");
    /**
     * Slow for a person: nearly twice what the keystroke-level model (Card, Moran, Newell 1980) has for thinking, pointing and
     * pressing together, and for a sign by one who types on average (0.28 s).
     */
    private static final int SECONDS_CLICK = 5;

    private static final int MS_SIGN = 500;
    private static final int SECONDS_MAX = 600;

    private static final double SCALE = 0.85;
    /** Of a page that is higher than wide. */
    private static final double SCALE_LONG = 0.55;

    private final Platform platform;
    private final Browser browser;
    private final Path pictures;
    private int clicks;
    private int words;
    private int signs;

    private InstallProof(Platform platform, Browser browser, Path pictures) {
        this.platform = platform;
        this.browser = browser;
        this.pictures = pictures;
    }

    /**
     * Arguments: folder for files that are needed meanwhile; folder for pictures; the first PIN; words and signs typed before;
     * when the installation began, seconds since 1970; the root that the agent runs in. Or: network, a folder, the page's
     * address, the PIN, the certificate's SHA-256.
     */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("network")) {
            overTheNetwork(Path.of(args[1]), args[2], args[3], args[4]);
            return;
        }
        try (Platform platform = new Platform(BROKER_PORT);
                Browser browser = Browser.start(Path.of(args[0]))) {
            InstallProof proof = new InstallProof(platform, browser, Path.of(args[1]));
            proof.words = Integer.parseInt(args[3]);
            proof.signs = Integer.parseInt(args[4]);
            proof.add(args[2], Path.of(args[6]));
            List<String> complaints = browser.complaints();
            if (!complaints.isEmpty() || !platform.holes().isEmpty()) {
                throw new AssertionError("complaints " + complaints + ", holes " + platform.holes());
            }
            proof.account(Long.parseLong(args[5]));
        }
    }

    /** The person plugs a device in when its turn comes: nobody reads a line before, and this one holds no more than 4 KiB. */
    private void add(String pin, Path box) throws IOException {
        browser.window(1000, 1000);
        browser.open(LOCAL);
        browser.await("#note", "système d'alarme");
        try (SimulatedDevice silent = plug("pb840", box, 3);
                SimulatedDevice first = plug("masimo-ascii1", box, 1)) {
            Installer installer = new Installer(browser, port(1));
            installer.logIn(pin);
            Platform.await("two free ports", () -> count("#ports li") == 2);
            picture("1-ports", "main", SCALE);
            installer.recognise("Masimo");
            picture("2-found", "#assistant", SCALE);
            installer.choose("ASCII 1");
            picture("3-confirm", "#assistant", SCALE);
            installer.compare("SpO₂");
            picture("4-compare", "#assistant", SCALE);
            end(installer, "oxi-b07", "rea1/b07");
            addOthers(box);
        }
    }

    private void addOthers(Path box) throws IOException {
        try (SimulatedDevice second = plug("nonin-df2", box, 2)) {
            browser.await("#ports li[data-k='" + port(2) + "']", "Libre");
            Installer installer = new Installer(browser, port(2));
            installer.recognise("Nonin");
            installer.choose("Nonin");
            installer.compare("SpO₂");
            end(installer, "oxi-b08", "rea1/b08");
            Installer third = new Installer(browser, port(3));
            third.ask("Puritan Bennett");
            third.choose("Puritan Bennett");
            third.compare("PEP");
            end(third, "vent-b07", "rea1/b07");
            for (String device : DEVICES) {
                browser.await("[data-k='" + device + "'] .badge", "Lu");
                Platform.await("values of " + device, () -> platform.records(device, "obs") >= 2);
                System.out.println(
                        device + ": " + platform.records(device, "obs") + " records with values at the broker");
            }
            picture("5-done", "main", SCALE_LONG);
        }
    }

    private static String port(int socket) {
        return "/dev/serial/by-path/platform-xhci-hcd.0-usb-0:" + socket + ":1.0-port0";
    }

    /** A device on a real pseudo-terminal, under the name and with the rights that udev gives. */
    private static SimulatedDevice plug(String profile, Path box, int socket) throws IOException {
        Path link = box.resolve(port(socket).substring(1));
        Files.createDirectories(link.getParent());
        SimulatedDevice device = new SimulatedDevice(
                profile,
                () -> open(link),
                Objects.requireNonNull(Ward.profile(profile).simulator()),
                Set.of(),
                1,
                7);
        device.start();
        Platform.await("the pseudo-terminal of " + profile, () -> Files.exists(link));
        return device;
    }

    private static Link open(Path link) throws IOException {
        Pty pty = Pty.open(link);
        Path real = link.toRealPath();
        Files.setAttribute(real, "unix:gid", DIALOUT);
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-rw----"));
        return new PtyLink(pty);
    }

    private void end(Installer installer, String id, String place) throws IOException {
        installer.name(id, place);
        installer.save(id);
        installer.finish();
        clicks += installer.clicks();
        words += installer.words();
        signs += installer.signs();
    }

    private int count(String css) {
        try {
            return browser.script("return document.querySelectorAll(arguments[0]).length;", css)
                    .asInt();
        } catch (IOException changing) {
            return 0;
        }
    }

    /** In every language of the guide; the person goes on in the first. */
    private void picture(String name, String css, double scale) throws IOException {
        for (String language : LANGUAGES) {
            speak(language);
            browser.picture(pictures.resolve(name + "." + language + ".png"), css, scale);
        }
        speak(LANGUAGES.get(0));
    }

    private void speak(String language) throws IOException {
        browser.script("document.querySelector(arguments[0]).click();", "[data-lang=" + language + "]");
        Platform.await("the page in " + language, () -> isSpoken(language));
    }

    private boolean isSpoken(String language) {
        try {
            // Notes come from the box after the step is drawn.
            return browser.script(
                            "const notes = document.querySelector('.notes'); return document.documentElement.lang"
                                    + " === arguments[0] && (!notes || [...notes.querySelectorAll('img')].length > 0"
                                    + " && [...notes.querySelectorAll('img')].every(each => each.complete));",
                            language)
                    .asBoolean();
        } catch (IOException changing) {
            return false;
        }
    }

    private void account(long beganSeconds) throws IOException {
        long machine = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) - beganSeconds;
        int person = clicks * SECONDS_CLICK + signs * MS_SIGN / 1_000;
        System.out.println("the machine took " + machine + " s, pictures among it");
        System.out.println("a person clicks " + clicks + " times and types " + words + " words of " + signs + " signs: "
                + person + " s at " + SECONDS_CLICK + " s a click and " + MS_SIGN + " ms a sign");
        try (Stream<Path> files = Files.list(pictures)) {
            System.out.println(files.count() + " pictures in " + Tool.ROOT.relativize(pictures));
        }
        if (machine + person > SECONDS_MAX) {
            throw new AssertionError("that is more than ten minutes");
        }
        System.out.println("together " + (machine + person) + " s of the " + SECONDS_MAX + " that are allowed");
    }

    /** As from the laptop of the ward: over TLS, with the certificate that the box told, and nothing without the PIN. */
    private static void overTheNetwork(Path folder, String url, String pin, String sha256) throws Exception {
        try (Browser browser = Browser.start(folder)) {
            browser.open(url);
            browser.await("#fingerprint", sha256.replace(":", "").substring(0, 6));
            if (!browser.script(
                            "return document.getElementById('inside').hidden && !document.querySelector('.device');")
                    .asBoolean()) {
                throw new AssertionError("something is shown without a PIN");
            }
            browser.type("#pin", pin);
            browser.click("#login [type=submit]");
            for (String device : DEVICES) {
                // Unplugged by now; that it is known is what counts here.
                browser.await("[data-k='" + device + "']", device);
            }
            System.out.println(
                    url + ": the certificate is the one that wasla page show tells, the three devices are there");
        }
    }
}
