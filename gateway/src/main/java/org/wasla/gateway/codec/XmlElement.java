package org.wasla.gateway.codec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.wasla.gateway.frame.Bytes;

/**
 * An element of an XML document, without comments and processing instructions. Immutable.
 *
 * @param attributes in the order sent
 * @param text what stands directly within it, without that of its children
 */
record XmlElement(String name, Map<String, String> attributes, String text, List<XmlElement> children) {
    XmlElement {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        children = List.copyOf(children);
    }

    /** Empty when the document is not well formed, has a type declaration, or is larger than any message of a device. */
    static Optional<XmlElement> read(Bytes document) {
        return new XmlReader(document).read();
    }

    /** @return the first child of that name, or one without anything */
    XmlElement child(String child) {
        return children.stream()
                .filter(each -> each.name().equals(child))
                .findFirst()
                .orElseGet(() -> new XmlElement(child, Map.of(), "", List.of()));
    }

    List<XmlElement> all(String child) {
        return children.stream().filter(each -> each.name().equals(child)).toList();
    }

    /** @return the value of an attribute without white space around it, or nothing */
    String attribute(String attribute) {
        return attributes.getOrDefault(attribute, "").strip();
    }
}
