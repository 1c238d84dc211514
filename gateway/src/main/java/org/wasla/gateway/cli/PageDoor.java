package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Section;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code wasla page open} and {@code close}: changes the one group {@code page} of the configuration and leaves every other
 * line as somebody wrote it. What comes out is read as the agent reads it before it takes the file's place.
 */
abstract class PageDoor implements Callable<Integer> {
    /** The group, with the lines below it that belong to it. */
    private static final Pattern GROUP = Pattern.compile("(?m)^page[ \\t]*:.*(?:\\R[ \\t]+.*)*\\R?");

    @Mixin
    Shared shared = new Shared();

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration; /etc/wasla/wasla.yaml.")
    Path file = Path.of("/etc/wasla/wasla.yaml");

    /** {@code wasla page open}. */
    @Command(
            name = "open",
            description = {
                "Opens the page to the ward's network, over TLS and with the PIN: changes the group page of the configuration.",
                "The agent follows at its next start."
            })
    static final class Open extends PageDoor {
        @Option(
                names = "--listen",
                paramLabel = "ADDRESS:PORT",
                description = "Address of this box, 0.0.0.0 for all (default: ${DEFAULT-VALUE}).")
        String listen = "0.0.0.0:8443";

        @Option(
                names = "--name",
                paramLabel = "HOST",
                description = "What browsers call the box, beside its addresses; may be given more than once.")
        List<String> names = new ArrayList<>();

        @Override
        void change(Map<String, String> keys, @Nullable PageSettings page) throws Failure {
            Path pins = pins(page);
            if (!Files.exists(pins)) {
                throw new Failure(1, "wasla: there is no PIN yet; make one: wasla page pin --file " + pins);
            }
            keys.put("listen", quoted(listen));
            keys.putIfAbsent("tls", "own");
            keys.put("pin", quoted(pins.toString()));
            if (!names.isEmpty()) {
                List<String> all = names.stream().map(PageDoor::quoted).toList();
                keys.put("names", "[" + String.join(", ", all) + "]");
            }
        }
    }

    /** {@code wasla page close}. */
    @Command(
            name = "close",
            description = {
                "Takes the page back to this box alone: changes the group page of the configuration.",
                "The agent follows at its next start."
            })
    static final class Close extends PageDoor {
        @Override
        void change(Map<String, String> keys, @Nullable PageSettings page) {
            keys.remove("listen");
            keys.remove("tls");
            if (Files.exists(pins(page))) {
                keys.put("pin", quoted(pins(page).toString()));
            }
        }
    }

    /** Those that are configured, else where they belong. */
    Path pins(@Nullable PageSettings page) {
        Path known = page == null ? null : page.pin();
        return known == null ? file.toAbsolutePath().resolveSibling("page.pins") : known;
    }

    /** @param keys of the group, with their values in YAML's flow form */
    abstract void change(Map<String, String> keys, @Nullable PageSettings page) throws Failure;

    @Override
    public final Integer call() throws Failure, IOException {
        PageSettings settings = CheckVerb.read(file, shared).page();
        Map<String, String> keys = new LinkedHashMap<>();
        Section page = Section.read(file, new Problems()).section("page");
        page.keys().forEach(key -> page.get(key).map(Entry::flow).ifPresent(value -> keys.put(key, value)));
        change(keys, settings);
        List<String> parts = new ArrayList<>();
        keys.forEach((key, value) -> parts.add(key + ": " + value));
        String group = "page: {" + String.join(", ", parts) + "}\n";
        String before = Files.readString(file);
        String after = GROUP.matcher(before).find()
                ? GROUP.matcher(before).replaceFirst(Matcher.quoteReplacement(group))
                : before + (before.endsWith("\n") ? "" : "\n") + group;
        replace(after);
        System.out.print(file + " says now: " + group);
        System.out.println("next: sudo systemctl restart wasla && sudo wasla page show");
        return 0;
    }

    /** Whole or not at all, with owner and rights as they were. */
    private void replace(String text) throws Failure, IOException {
        PosixFileAttributes as = Files.readAttributes(file, PosixFileAttributes.class);
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, text);
            CheckVerb.read(draft, shared);
            PosixFileAttributeView view = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
            view.setOwner(as.owner());
            view.setGroup(as.group());
            view.setPermissions(as.permissions());
            try (FileChannel written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (Failure wrong) {
            throw new Failure(wrong.exitCode(), (wrong.getMessage() + "").replace(draft.toString(), file.toString()));
        } catch (AccessDeniedException refused) {
            throw new Failure(1, "wasla: " + file + " may not be changed; use sudo");
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
