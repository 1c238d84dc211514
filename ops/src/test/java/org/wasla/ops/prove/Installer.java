package org.wasla.ops.prove;

import java.io.IOException;
import java.util.Arrays;

/** Whoever brings a device from its cable to a bed, as the page's assistant asks for it; counts what fingers do. One thread. */
final class Installer {
    private static final int COMPARED = 3;
    private final Browser browser;
    private final String port;
    private int clicks;
    private int words;
    private int signs;

    /** @param port the one that the device is on, as the page names it */
    Installer(Browser browser, String port) {
        this.browser = browser;
        this.port = port;
    }

    void click(String css) throws IOException {
        browser.click(css);
        clicks++;
    }

    void type(String css, String text) throws IOException {
        browser.type(css, text);
        words += (int) Arrays.stream(text.split("[ /]")).count();
        signs += text.length();
    }

    int clicks() {
        return clicks;
    }

    /** Typed, with how many {@link #signs}. */
    int words() {
        return words;
    }

    int signs() {
        return signs;
    }

    void logIn(String pin) throws IOException {
        click("#key");
        type("#pin", pin);
        click("#login [type=submit]");
        browser.await("#key", "Quitter");
    }

    /** @param maker that must be found */
    void recognise(String maker) throws IOException {
        click("#ports li[data-k='" + port + "'] button");
        browser.await("#assistant", maker);
    }

    /** One that says nothing until it is asked. */
    void ask(String maker) throws IOException {
        click("#ports li[data-k='" + port + "'] button");
        browser.await("#assistant", "Rien n'est arrivé");
        click("#assistant .row button.main");
        browser.await("#assistant", maker);
    }

    /** @param part of the installation notes of the profile */
    void choose(String part) throws IOException {
        click("#assistant .candidate button");
        browser.await("#assistant .notes", part);
    }

    /** @param value that stands on the device's screen, and therefore here */
    void compare(String value) throws IOException {
        click("#assistant .row button.main");
        browser.await("#assistant .compare", value);
        for (int i = 1; i <= COMPARED; i++) {
            click("#assistant .compare label:nth-child(" + i + ") input");
        }
    }

    void name(String id, String place) throws IOException {
        click("#compared");
        type("#new-id", id);
        type("#new-place", place);
    }

    void save(String id) throws IOException {
        click("#save");
        browser.await("#assistant", id + " est ajouté");
    }

    void finish() throws IOException {
        click("#assistant .row button.main");
    }
}
