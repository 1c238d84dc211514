package org.wasla.gateway.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads and writes the payload of a bundle: one JSON object as strict as a desired state, with the same limits, of which
 * {@code profiles} has the same form. Stateless.
 *
 * <pre>{@code {"v":1,"name":"monitors-2026-12","made":1796774400,"min-sw":"0.1.0","profiles":[{"id":"oxi","version":"1.0.1",
 * "sha256":"...","statements":["author's JWS","approver's JWS"],"files":{"profile.yaml":"...","captures/one.cap":"..."}}]}}</pre>
 */
public final class ReleaseReader {
    /** What the header of a bundle says in {@code typ}. */
    public static final String TYPE = "wasla-bundle+jws";

    private static final String FORMAT = "1";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}");
    private static final Set<String> MEMBERS = Set.of("v", "name", "made", "min-sw", "profiles");

    private ReleaseReader() {}

    /** @param problems gets all that is wrong, and what to write instead; then nothing is returned */
    public static Optional<Release> read(byte[] payload, List<String> problems) {
        if (payload.length > DesiredReader.BYTES_MAX) {
            problems.add("the bundle carries " + payload.length + " bytes; make several of it, each of at most "
                    + DesiredReader.BYTES_MAX);
            return Optional.empty();
        }
        List<String> found = new ArrayList<>();
        try (JsonParser json = DesiredReader.JSON.createParser(payload)) {
            Body body = Body.read(json, found);
            String format = body.plain("v");
            if (found.isEmpty() && !format.equals(FORMAT)) {
                // What a later format has beside is not told one by one.
                found.add("the bundle has the format '" + Body.shown(format) + "', and this software reads " + FORMAT
                        + "; update the software of the box");
            }
            if (found.isEmpty()) {
                Release release = release(body);
                if (found.isEmpty()) {
                    return Optional.of(release);
                }
            }
        } catch (IOException noJson) {
            found.add("the bundle is no JSON, is nested too deep, or says something twice");
        }
        problems.addAll(found);
        return Optional.empty();
    }

    private static Release release(Body body) {
        body.only(MEMBERS);
        List<Desired.Bundle> profiles = DesiredReader.bundles(body);
        if (profiles.isEmpty()) {
            body.problem("profiles is empty; a bundle carries at least one");
        }
        return new Release(
                body.text("name", NAME, "a name of up to 64 letters, digits, blanks and . _ -"),
                body.number("made", 0, DesiredReader.SECONDS_MAX),
                body.optional("min-sw", DesiredReader.VERSION, "a version such as 1.2.0"),
                profiles);
    }

    /** The payload, the same for the same release: files stand by name. */
    public static byte[] write(Release release) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = DesiredReader.JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("v", Integer.parseInt(FORMAT));
            json.writeStringField("name", release.name());
            json.writeNumberField("made", release.madeS());
            if (!release.softwareMin().isEmpty()) {
                json.writeStringField("min-sw", release.softwareMin());
            }
            json.writeArrayFieldStart("profiles");
            for (Desired.Bundle profile : release.profiles()) {
                write(json, profile);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException neverInMemory) {
            throw new IllegalStateException(neverInMemory);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Desired.Bundle profile) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", profile.id());
        json.writeStringField("version", profile.version());
        json.writeStringField("sha256", profile.hash());
        json.writeArrayFieldStart("statements");
        for (String statement : profile.statements()) {
            json.writeString(statement);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("files");
        for (Map.Entry<String, String> file : new TreeMap<>(profile.files()).entrySet()) {
            json.writeStringField(file.getKey(), file.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
