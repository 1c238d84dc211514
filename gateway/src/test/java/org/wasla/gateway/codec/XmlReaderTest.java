package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.wasla.gateway.frame.Bytes;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** Our reader beside the JDK's: what both take they take alike, and what the JDK's refuses ours refuses too. */
class XmlReaderTest {
    private static final String SAMPLE = """
            <?xml version="1.0" encoding="UTF-8"?><!-- a - b -->
            <OBS.R01><HDR a='1' b = "&lt;&amp;&quot;&apos;&#233;&#x1F600;">é &gt; <![CDATA[<x>]]>z</HDR ><?p x?>
            <SVC/><SVC n="a\tb"><PT.id V="1"/><OBS><N V=""/></OBS></SVC></OBS.R01>
            """;

    private DocumentBuilder judge;

    @BeforeEach
    void openJudge() throws ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setCoalescing(true);
        judge = factory.newDocumentBuilder();
        judge.setErrorHandler(new Quiet());
    }

    private static final class Quiet implements ErrorHandler {
        @Override
        public void warning(SAXParseException what) {}

        @Override
        public void error(SAXParseException what) throws SAXException {
            throw what;
        }

        @Override
        public void fatalError(SAXParseException what) throws SAXException {
            throw what;
        }
    }

    static XmlElement of(Element element) {
        Map<String, String> attributes = new LinkedHashMap<>();
        NamedNodeMap named = element.getAttributes();
        for (int i = 0; i < named.getLength(); i++) {
            attributes.put(named.item(i).getNodeName(), named.item(i).getNodeValue());
        }
        StringBuilder text = new StringBuilder();
        List<XmlElement> children = new ArrayList<>();
        NodeList nodes = element.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            Node node = nodes.item(i);
            if (node instanceof Element child) {
                children.add(of(child));
            } else if (node.getNodeType() == Node.TEXT_NODE || node.getNodeType() == Node.CDATA_SECTION_NODE) {
                text.append(node.getNodeValue());
            }
        }
        return new XmlElement(element.getNodeName(), attributes, text.toString(), children);
    }

    private Optional<XmlElement> judged(byte[] document) throws IOException {
        try {
            return Optional.of(
                    of(judge.parse(new ByteArrayInputStream(document)).getDocumentElement()));
        } catch (SAXException refused) {
            return Optional.empty();
        }
    }

    private static Optional<XmlElement> read(String document) {
        return XmlElement.read(Bytes.of(document.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatWeReadIsWhatTheOtherReads() throws IOException {
        assertEquals(judged(SAMPLE.getBytes(StandardCharsets.UTF_8)), read(SAMPLE));
        byte[] latin =
                "<?xml version='1.0' encoding='ISO-8859-1'?><A.B>\u00e9</A.B>".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(judged(latin), XmlElement.read(Bytes.of(latin)));
    }

    /** A cut or changed document must not be read as another one. */
    @Test
    void whatTheOtherRefusesWeRefuse() throws IOException {
        byte[] whole = SAMPLE.getBytes(StandardCharsets.UTF_8);
        String marks = "<>/&;\"'=!-[]?xX .:#\u00e9";
        for (int at = 0; at < whole.length; at++) {
            byte[] cut = Arrays.copyOf(whole, at);
            assertAlike(cut, "cut to " + at);
            assertAlike(Arrays.copyOfRange(whole, at, whole.length), "without the first " + at);
            Random random = new Random(at);
            for (int i = 0; i < 4; i++) {
                byte[] changed = whole.clone();
                changed[at] = (byte) marks.charAt(random.nextInt(marks.length()));
                assertAlike(changed, "changed at " + at + ": " + new String(changed, StandardCharsets.UTF_8));
            }
        }
    }

    /** We take texts that are not in the character set that they claim; else there is no difference that matters. */
    private void assertAlike(byte[] document, String what) throws IOException {
        Optional<XmlElement> ours = XmlElement.read(Bytes.of(document));
        Optional<XmlElement> theirs;
        try {
            theirs = judged(document);
        } catch (UnsupportedEncodingException unknownName) {
            // We read on as if nothing were said of it.
            return;
        }
        boolean isUtf8 =
                Arrays.equals(document, new String(document, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
        if (isUtf8 && ours.isPresent()) {
            assertEquals(theirs, ours, what);
        }
        assertTrue(ours.isPresent() || theirs.isEmpty() || !isUtf8, "only refused by us: " + what);
    }

    /** Entities that grow or fetch, and documents that are deep without end, are the known ways to kill a reader. */
    @Test
    void nothingGrowsAndNothingIsFetched() {
        assertFalse(read("<!DOCTYPE A [<!ENTITY e 'x'>]><A.B>&e;</A.B>").isPresent());
        assertFalse(read("<!DOCTYPE A SYSTEM 'file:///etc/passwd'><A.B/>").isPresent());
        assertFalse(read("<A.B>&nbsp;</A.B>").isPresent());
        assertFalse(read("<A>".repeat(40) + "</A>".repeat(40)).isPresent());
        assertTrue(read("<A>".repeat(30) + "</A>".repeat(30)).isPresent());
        assertFalse(read("<A>" + "<B/>".repeat(60_000) + "</A>").isPresent());
    }
}
