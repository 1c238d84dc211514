package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code ops/prove/install}, before the screen: a person with a browser adds three devices to a box that was just installed,
 * and their values arrive at the broker. What fingers do and how long it takes is counted.
 */
final class InstallProof {
    private static final int BROKER_PORT = 1883;
    private static final String LOCAL = "http://127.0.0.1:8080/";
    private static final List<String> LANGUAGES = List.of("fr", "en");
    /** Slow for a person: a second look before every click, and typing with two fingers. */
    private static final int SECONDS_CLICK = 5;

    private static final int SECONDS_SIGN = 1;
    private static final int SECONDS_MAX = 600;

    private final Browser browser;
    private final Path pictures;
    private int clicks;
    private int words;
    private int signs;

    private InstallProof(Browser browser, Path pictures) {
        this.browser = browser;
        this.pictures = pictures;
    }

    /**
     * Arguments: folder for files that are needed meanwhile; folder for pictures; the first PIN; address of the page in the
     * network, or none; then words and signs typed before, and when the installation began, seconds since 1970. The three
     * ports of the devices come last.
     */
    public static void main(String[] args) throws Exception {
        if (args[0].equals("network")) {
            overTheNetwork(Path.of(args[1]), args[2], args[3], args[4]);
            return;
        }
        try (Platform platform = new Platform(BROKER_PORT);
                Browser browser = Browser.start(Path.of(args[0]))) {
            InstallProof proof = new InstallProof(browser, Path.of(args[1]));
            proof.words = Integer.parseInt(args[3]);
            proof.signs = Integer.parseInt(args[4]);
            proof.add(args[2], List.of(args).subList(6, 9));
            for (String device : List.of("oxi-b07", "oxi-b08", "vent-b07")) {
                Platform.await("values of " + device, () -> platform.records(device, "obs") >= 2);
                System.out.println(
                        device + ": " + platform.records(device, "obs") + " records with values at the broker");
            }
            List<String> complaints = browser.complaints();
            if (!complaints.isEmpty() || !platform.holes().isEmpty()) {
                throw new AssertionError("complaints " + complaints + ", holes " + platform.holes());
            }
            proof.account(Long.parseLong(args[5]));
        }
    }

    private void add(String pin, List<String> ports) throws IOException {
        browser.open(LOCAL);
        browser.await("#note", "système d'alarme");
        Installer first = new Installer(browser, ports.get(0));
        first.logIn(pin);
        Platform.await("three free ports", () -> count("#ports li") == ports.size());
        picture("1-ports", "main");
        first.recognise("Masimo");
        picture("2-found", "#assistant");
        first.choose("ASCII 1");
        picture("3-confirm", "#assistant");
        first.compare("SpO₂");
        picture("4-compare", "#assistant");
        end(first, "oxi-b07", "rea1/b07");
        Installer second = new Installer(browser, ports.get(1));
        second.recognise("Nonin");
        second.choose("Nonin");
        second.compare("SpO₂");
        end(second, "oxi-b08", "rea1/b08");
        Installer third = new Installer(browser, ports.get(2));
        third.ask("Puritan Bennett");
        third.choose("Puritan Bennett");
        third.compare("PEP");
        end(third, "vent-b07", "rea1/b07");
        for (String device : List.of("oxi-b07", "oxi-b08", "vent-b07")) {
            browser.await("[data-k='" + device + "'] .value .num", "");
        }
        browser.await("[data-k='vent-b07'] .badge", "Lu");
        picture("5-done", "main");
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
    private void picture(String name, String css) throws IOException {
        for (String language : LANGUAGES) {
            speak(language);
            browser.picture(pictures.resolve(name + "." + language + ".png"), css);
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
                                    + " === arguments[0] && (!notes || notes.children.length > 1);",
                            language)
                    .asBoolean();
        } catch (IOException changing) {
            return false;
        }
    }

    private void account(long beganSeconds) throws IOException {
        long machine = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) - beganSeconds;
        int person = clicks * SECONDS_CLICK + signs * SECONDS_SIGN;
        System.out.println("the machine took " + machine + " s, pictures among it");
        System.out.println("a person clicks " + clicks + " times and types " + words + " words of " + signs + " signs: "
                + person + " s at " + SECONDS_CLICK + " s a click and " + SECONDS_SIGN + " s a sign");
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
            if (!browser.text("#inside").isEmpty()) {
                throw new AssertionError("something is shown without a PIN");
            }
            browser.type("#pin", pin);
            browser.click("#login [type=submit]");
            for (String device : List.of("oxi-b07", "oxi-b08", "vent-b07")) {
                browser.await("[data-k='" + device + "'] .badge", "Lu");
            }
            System.out.println(
                    url + ": the certificate is the one that wasla page show tells, the three devices are there");
        }
    }
}
