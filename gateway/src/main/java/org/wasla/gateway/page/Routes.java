package org.wasla.gateway.page;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.page.Access.Caller;
import org.wasla.gateway.page.Assets.Asset;

/** What each address of the page answers, once it is known who asks. Called by one thread, but for what says otherwise. */
final class Routes {
    private static final Pattern PROFILE = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern LANGUAGE = Pattern.compile("fr|en|ar");
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final Box box;
    private final Assets assets;
    private final Access access;
    private final String fingerprint;

    /** @param fingerprint of the certificate that the box made, or empty */
    Routes(Box box, Assets assets, Access access, String fingerprint) {
        this.box = box;
        this.assets = assets;
        this.access = access;
        this.fingerprint = fingerprint;
    }

    /**
     * A file of the page.
     *
     * @param known the hash that the browser has already, or null
     * @return null when there is none of that name
     */
    @Nullable
    Reply asset(String path, @Nullable String known) {
        Asset asset = assets.find(path);
        if (asset == null) {
            return null;
        }
        Reply reply = asset.tag().equals(known)
                ? new Reply(304, asset.type(), Bytes.NONE, Map.of())
                : new Reply(200, asset.type(), asset.content(), Map.of());
        return reply.with("ETag", asset.tag()).with("Cache-Control", "no-cache");
    }

    /** Who the browser is for the box. */
    Reply session(Caller caller) {
        return Reply.json(JsonText.write(json -> {
            json.writeStringField("gw", box.name());
            json.writeStringField("role", caller.role().wire());
            json.writeBooleanField("pin", access.hasPins());
            json.writeBooleanField("session", caller.token() != null);
            json.writeStringField("csrf", caller.csrf());
            if (!fingerprint.isEmpty()) {
                json.writeStringField("fingerprint", fingerprint);
            }
        }));
    }

    /** From any thread. */
    Reply notes(String profile, String language) {
        boolean isSound =
                PROFILE.matcher(profile).matches() && LANGUAGE.matcher(language).matches();
        Box.Notes notes = isSound ? box.notes(profile, language) : null;
        return notes == null
                ? Reply.refused(NOT_FOUND, "no-notes", "")
                : Reply.json(JsonText.write(json -> {
                    json.writeStringField("html", Markdown.html(notes.markdown()));
                    json.writeArrayFieldStart("wiring");
                    for (String each : notes.wiring()) {
                        json.writeString(each);
                    }
                    json.writeEndArray();
                }));
    }

    /** From any thread. */
    Reply captured() {
        Box.File file = box.captured();
        return file == null
                ? Reply.refused(NOT_FOUND, "no-capture", "")
                : new Reply(
                        200,
                        "application/octet-stream",
                        file.content(),
                        Map.of("Content-Disposition", "attachment; filename=\"" + file.name() + "\""));
    }

    /** An order of the assistant, or a new device; from any thread. */
    Reply change(String path, byte[] body, String by) {
        try {
            Map<String, String> fields = Fields.read(body);
            if (path.equals("/api/device")) {
                return added(fields, by);
            }
            order(fields, by);
            return Reply.json("{}");
        } catch (IOException unreadable) {
            return Reply.refused(400, "unreadable", "");
        } catch (Box.Refused refused) {
            return Reply.refused(CONFLICT, "refused", String.valueOf(refused.getMessage()));
        }
    }

    private void order(Map<String, String> fields, String by) throws Box.Refused, IOException {
        String port = text(fields, "port");
        switch (text(fields, "do")) {
            case "identify" -> box.identify(port, text(fields, "probe").equals("true"));
            case "compare" -> box.compare(port, text(fields, "profile"), text(fields, "link"));
            case "capture" -> box.capture(port);
            case "cancel" -> box.cancel();
            default -> throw new IOException("no such order");
        }
        box.audit("page-" + text(fields, "do"), by, port);
    }

    private Reply added(Map<String, String> fields, String by) throws Box.Refused {
        Box.NewDevice device = new Box.NewDevice(
                text(fields, "id"), text(fields, "location"), text(fields, "profile"), text(fields, "link"));
        boolean runs = box.add(device, by);
        return Reply.json(JsonText.write(json -> json.writeBooleanField("runs", runs)));
    }

    private static String text(Map<String, String> fields, String name) {
        return fields.getOrDefault(name, "");
    }

    /** The PIN in a login, or null; from any thread. */
    static char @Nullable [] pin(byte[] body) {
        try {
            String pin = Fields.read(body).getOrDefault("pin", "");
            return pin.isEmpty() || pin.length() > Pins.LENGTH_MAX ? null : pin.toCharArray();
        } catch (IOException unreadable) {
            return null;
        }
    }

    Reply loggedIn(Sessions.Session session) {
        return Reply.json("{\"role\":\"" + session.role().wire() + "\"}")
                .with("Set-Cookie", access.cookie() + "=" + session.token() + access.cookieRules());
    }

    Reply loggedOut() {
        return Reply.json("{}").with("Set-Cookie", access.cookie() + "=; Max-Age=0" + access.cookieRules());
    }

    static Reply missing() {
        return new Reply(NOT_FOUND, "text/plain", Bytes.latin1("not found"), Map.of());
    }

    static Reply forbidden(String key) {
        return Reply.refused(FORBIDDEN, key, "");
    }
}
