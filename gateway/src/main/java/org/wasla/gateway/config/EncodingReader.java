package org.wasla.gateway.config;

import org.wasla.gateway.profile.Section;
import org.wasla.gateway.uplink.UplinkSettings.Compression;
import org.wasla.gateway.uplink.UplinkSettings.Encoding;

/** Reads how messages are written: {@code uplink.format}, {@code uplink.compress}. Stateless. */
final class EncodingReader {

    private EncodingReader() {}

    static Encoding read(Section uplink) {
        String format = uplink.text("format", "json");
        if (!format.equals("json") && !format.equals("cbor")) {
            uplink.need("format", "json").problem("is '" + format + "'", "write json or cbor");
        }
        return new Encoding(format.equals("cbor"), compression(uplink));
    }

    private static Compression compression(Section uplink) {
        String compress = uplink.text("compress", "off");
        return switch (compress) {
            case "off" -> Compression.OFF;
            case "auto" -> Compression.AUTO;
            case "dict" -> Compression.DICTIONARY;
            default -> {
                uplink.need("compress", "off").problem("is '" + compress + "'", "write off, auto or dict");
                yield Compression.OFF;
            }
        };
    }
}
