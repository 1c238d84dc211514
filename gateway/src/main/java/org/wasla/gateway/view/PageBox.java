package org.wasla.gateway.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.LinkReader;
import org.wasla.gateway.config.StateStore;
import org.wasla.gateway.device.LineQuality;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.page.Box;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.profile.Section;
import org.wasla.gateway.seek.Finding;
import org.wasla.gateway.view.LocalPage.Around;

/** What the page may see of this agent and do with it. Thread-safe. */
final class PageBox implements Box, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PageBox.class);
    private static final Pattern PLACE = Pattern.compile("[\\p{L}\\p{N} ._/+-]{0,64}");
    private static final String SERIAL = "serial:";
    /** The link to the same notes in another language, which leads nowhere on the page. */
    private static final String OTHER_LANGUAGE = "(?m)^\\[[^\\]]+]\\(README[.a-z]*\\.md\\)( · )?";

    private static final int NOTES_BYTES_MAX = 64 << 10;

    private final Around around;
    private final ProfileStore store;
    private final Assistant assistant;
    private final SerialPorts ports;
    private final PageView view;
    /** Who is told to have changed the list of devices. */
    private static final String BY = "page";

    private static final String NO_DEVICES = "[]\n";

    /** @throws IOException when the profiles cannot be read */
    PageBox(Around around, PageSettings settings, Screen screen) throws IOException {
        this.around = around;
        this.store = store(around.config());
        this.assistant = new Assistant(() -> profiles(store));
        this.ports = new SerialPorts(settings.ports());
        this.view = new PageView(around, screen, assistant, ports);
    }

    private static ProfileStore store(Config config) throws IOException {
        List<Path> folders = new ArrayList<>(config.profileFolders());
        if (config.trust() != null) {
            new StateStore(config.buffer().dir()).profiles().ifPresent(folders::add);
        }
        return ProfileStore.open(folders);
    }

    /** One that cannot be read must not hide the others. */
    private static List<Profile> profiles(ProfileStore store) throws IOException {
        List<Profile> profiles = new ArrayList<>();
        for (Path folder : store.all()) {
            Problems problems = new Problems();
            Profile profile = store.read(folder, problems);
            if (problems.isEmpty()) {
                profiles.add(profile);
            } else {
                LOG.warn(
                        "page leaves out a profile cause=\"{}\"",
                        problems.list().get(0));
            }
        }
        return profiles;
    }

    @Override
    public String name() {
        return around.config().gateway().id();
    }

    @Override
    public String words(String language) {
        return JsonText.write(json -> {
            for (Map.Entry<String, String> word : LineQuality.words(language).entrySet()) {
                json.writeStringField(word.getKey(), word.getValue());
            }
        });
    }

    @Override
    public String view() {
        return view.json();
    }

    @Override
    public void identify(String port, boolean probes) throws Refused {
        assistant.identify(free(port), probes);
    }

    @Override
    public void capture(String port) throws Refused {
        assistant.capture(free(port));
    }

    /** The port that is meant, when it is one of this box and no device is on it. */
    private String free(String port) throws Refused {
        for (Path each : ports.list()) {
            if (each.toString().equals(port)) {
                String device = view.device(each);
                if (!device.isEmpty()) {
                    throw new Refused("the port is in use by " + device + "; choose a free one");
                }
                return port;
            }
        }
        throw new Refused("the port is not there any more; plug the adapter in again");
    }

    @Override
    public void compare(String port, String profile, String link) throws Refused {
        String free = free(port);
        Profile known = profile(profile);
        if (known == null) {
            throw new Refused("there is no profile " + profile + "; choose one of the list");
        }
        assistant.compare(free, known, line(known, link(free, profile, link)));
    }

    /** Null when there is none that can be read. */
    private @Nullable Profile profile(String id) {
        try {
            // Never a path: what the page sends names one of the shelf.
            Optional<Path> folder = id.contains("/") || id.equals(".") ? Optional.empty() : store.find(id);
            Problems problems = new Problems();
            Profile profile = folder.isEmpty() ? null : store.read(folder.get(), problems);
            return problems.isEmpty() ? profile : null;
        } catch (IOException unreadable) {
            LOG.warn("profile={} not read cause=\"{}\"", id, unreadable.getMessage());
            return null;
        }
    }

    /** What was typed never becomes a link: only what the search found on this port, or the profile's usual line. */
    private String link(String port, String profile, String link) throws Refused {
        if (link.isEmpty() || link.equals(SERIAL + port)) {
            return SERIAL + port;
        }
        for (Finding each : assistant.state().found()) {
            boolean isIt = each.candidate().profile().id().equals(profile)
                    && each.link().equals(link);
            if (isIt && assistant.state().port().equals(port)) {
                return link;
            }
        }
        throw new Refused("the line was not found on this port; let the assistant recognise the device first");
    }

    private static LinkSettings line(Profile profile, String link) throws Refused {
        Problems problems = new Problems();
        Section section = Section.parse("link", "link: " + quoted(link), problems);
        Optional<LinkSettings> line = LinkReader.read(section.need("link", SERIAL), profile);
        return line.orElseThrow(() -> new Refused(first(problems)));
    }

    private static String quoted(String link) {
        return link.startsWith("{") ? link : "\"" + link + "\"";
    }

    private static String first(Problems problems) {
        return problems.isEmpty() ? "it cannot be read" : problems.list().get(0).toString();
    }

    @Override
    public void cancel() {
        assistant.cancel();
    }

    @Override
    public @Nullable File captured() {
        byte[] content = assistant.capture();
        String port = Path.of("/" + assistant.captureOf()).getFileName() + "";
        String name = name() + "-" + port.replaceAll("[^A-Za-z0-9.-]", "_") + ".cap";
        return content.length == 0 ? null : new File(name, Bytes.of(content));
    }

    @Override
    public synchronized boolean add(NewDevice asked, String by) throws Refused {
        String port = asked.link().startsWith(SERIAL)
                ? asked.link().substring(SERIAL.length())
                : assistant.state().port();
        String link = link(free(port), asked.profile(), asked.link());
        if (!PLACE.matcher(asked.location()).matches()) {
            throw new Refused(
                    "the place is too long or holds a sign that is none of letters, digits, blanks and . _ / + -");
        }
        NewDevice device = new NewDevice(asked.id(), asked.location(), asked.profile(), link);
        assistant.cancel();
        String before = around.desk().devices();
        List<String> problems =
                around.desk().change((before.equals(NO_DEVICES) ? "" : before) + "- " + line(device) + "\n", BY);
        if (!problems.isEmpty()) {
            throw new Refused(problems.get(0));
        }
        around.auditor().note("device-added", Map.of("dev", device.id(), "profile", device.profile(), "by", by));
        LOG.info("device={} added at the box profile={}", device.id(), device.profile());
        return true;
    }

    /** In quotes of JSON, which YAML has too: nothing that was typed becomes a key. */
    private static String line(NewDevice device) {
        boolean isLong = device.link().startsWith("{");
        return JsonText.write(text -> {
            text.writeStringField("id", device.id());
            text.writeStringField("profile", device.profile());
            if (!device.location().isEmpty()) {
                text.writeStringField("location", device.location());
            }
            text.writeFieldName("link");
            if (isLong) {
                text.writeRawValue(device.link());
            } else {
                text.writeString(device.link());
            }
        });
    }

    @Override
    public @Nullable Notes notes(String profile, String language) {
        Profile known = profile(profile);
        String markdown = known == null ? null : notes(known, language);
        return known == null || markdown == null
                ? null
                : new Notes(
                        markdown,
                        known.wiring().stream().map(Profile.Wiring::wire).toList());
    }

    private static @Nullable String notes(Profile profile, String language) {
        Path inFrench = profile.folder().resolve("README.fr.md");
        Path file = language.equals("fr") && Files.isRegularFile(inFrench)
                ? inFrench
                : profile.folder().resolve("README.md");
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= NOTES_BYTES_MAX) {
                return Files.readString(file).replaceFirst(OTHER_LANGUAGE, "");
            }
        } catch (IOException unreadable) {
            LOG.warn("profile={} notes not read cause=\"{}\"", profile.id(), unreadable.getMessage());
        }
        StringBuilder notes = new StringBuilder();
        profile.installation().forEach((topic, text) -> notes.append("**" + topic + "** " + text + "\n\n"));
        return notes.isEmpty() ? null : notes.toString();
    }

    @Override
    public void audit(String event, String address, String what) {
        around.auditor().note(event, Map.of("by", address, "what", what));
    }

    @Override
    public void close() {
        assistant.close();
    }
}
