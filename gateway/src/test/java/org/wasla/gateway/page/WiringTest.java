package org.wasla.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;

/** An installer with a plug in his hand sees how the cable is made: every kind that a profile may name has a drawing. */
class WiringTest {
    private static final int BYTES_MAX = 6_000;
    private static final Set<String> SHAPES = Set.of("svg", "g", "path", "rect", "circle", "text");

    @Test
    void everyKindHasADrawingThatThePageMayShow() throws Exception {
        Assets assets = new Assets(Map.of());
        for (Profile.Wiring kind : Profile.Wiring.values()) {
            Assets.Asset drawing = assets.find("/wiring/" + kind.wire() + ".svg");
            assertNotNull(drawing, kind.wire() + " has no drawing");
            assertEquals("image/svg+xml", drawing.type());
            byte[] content = drawing.content().toArray();
            assertTrue(content.length <= BYTES_MAX, kind.wire() + " has " + content.length + " bytes");
            Document document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(content));
            NodeList shapes = document.getElementsByTagName("*");
            for (int i = 0; i < shapes.getLength(); i++) {
                Element shape = (Element) shapes.item(i);
                assertTrue(SHAPES.contains(shape.getTagName()), kind.wire() + " " + shape.getTagName());
                // The page's policy lets no style of its own through, and nothing is fetched from elsewhere.
                assertFalse(shape.hasAttribute("style") || shape.hasAttribute("href"), kind.wire());
            }
            for (String language : List.of("fr", "en", "ar")) {
                String words = new String(
                        Objects.requireNonNull(assets.find("/" + language + ".json"))
                                .content()
                                .toArray(),
                        StandardCharsets.UTF_8);
                assertTrue(words.contains("\"wiring-" + kind.wire() + "\""), language + " " + kind.wire());
            }
        }
    }

    /** What is told in words of a cable is drawn, too; and one at a patient shows what keeps him apart from the mains. */
    @Test
    void everyShippedProfileNamesItsCables() throws Exception {
        ProfileStore store = ProfileStore.open(List.of(Path.of("../device-profiles")));
        for (Path folder : store.all()) {
            Problems problems = new Problems();
            Profile profile = store.read(folder, problems);
            assertEquals(List.of(), problems.list());
            assertFalse(profile.wiring().isEmpty(), profile.id() + " names no kind of cable");
            assertFalse(profile.installation().containsKey("wiring"), profile.id());
            boolean isAtAPatient = Set.of(
                            "patient monitor", "pulse oximeter", "ventilator", "syringe pump", "capnograph")
                    .contains(profile.device().kind());
            boolean isNetwork = profile.wiring().equals(List.of(Profile.Wiring.ETHERNET));
            assertTrue(
                    !isAtAPatient || isNetwork || profile.wiring().contains(Profile.Wiring.ISOLATION),
                    profile.id() + " shows no isolation");
        }
    }
}
