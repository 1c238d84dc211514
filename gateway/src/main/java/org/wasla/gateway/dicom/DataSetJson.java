package org.wasla.gateway.dicom;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import org.wasla.gateway.dicom.Element.Value;

/**
 * Writes a data set as DICOM JSON (PS3.18 annex F). Text is Unicode whatever it was, so (0008,0005) says so; numbers keep
 * their digits; pixels and what is longer than 4 KiB is a reference. Pure; thread-safe.
 */
public final class DataSetJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int INLINE_BYTES_MAX = 4096;
    private static final int TEXT_CHARS_MAX = 64 << 10;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,3})?");
    /** What decimal and integer strings may look like beyond JSON. */
    private static final Pattern LOOSE_NUMBER = Pattern.compile("([+-]?)0*(\\d*)(\\.\\d*)?([eE][+-]?\\d{1,3})?");

    private static final List<String> NAME_FORMS = List.of("Alphabetic", "Ideographic", "Phonetic");

    private DataSetJson() {}

    /** @param bulk what stands in front of "#offset,length" where a value is only referred to */
    public static String write(DataSet data, String bulk) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(data, bulk, json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void write(DataSet data, String bulk, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Element element : data.elements()) {
            json.writeObjectFieldStart(Tags.hex(element.tag()));
            json.writeStringField("vr", element.vr().name());
            if (!element.isEmpty()) {
                value(element, bulk, json);
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void value(Element element, String bulk, JsonGenerator json) throws IOException {
        if (element.value() instanceof Value.Items sequence) {
            json.writeArrayFieldStart("Value");
            for (DataSet item : sequence.items()) {
                write(item, bulk, json);
            }
            json.writeEndArray();
        } else if (element.value() instanceof Value.Fragments fragments) {
            Value.Fragments.Piece last =
                    fragments.pieces().get(fragments.pieces().size() - 1);
            reference(bulk, element.at(), last.at() + last.length() - element.at(), json);
        } else if (element.value() instanceof Value.Binary binary
                && element.vr().isOpaque()) {
            if (binary.bytes().size() > INLINE_BYTES_MAX) {
                reference(bulk, element.at(), element.length(), json);
            } else {
                json.writeFieldName("InlineBinary");
                json.writeBinary(binary.bytes().toArray());
            }
        } else if (element.value() instanceof Value.Elsewhere) {
            reference(bulk, element.at(), element.length(), json);
        } else {
            values(element, json);
        }
    }

    private static void reference(String bulk, long at, long length, JsonGenerator json) throws IOException {
        json.writeStringField("BulkDataURI", bulk + "#" + at + "," + length);
    }

    private static void values(Element element, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("Value");
        List<String> values =
                element.tag() == Tags.SPECIFIC_CHARACTER_SET ? List.of("ISO_IR 192") : DataSet.texts(element);
        for (String value : values) {
            String cut = value.length() > TEXT_CHARS_MAX ? value.substring(0, TEXT_CHARS_MAX) : value;
            if (cut.isEmpty()) {
                json.writeNull();
            } else if (element.vr() == Vr.PN) {
                name(cut, json);
            } else if (element.vr() == Vr.DS
                    || element.vr() == Vr.IS
                    || !element.vr().isText()) {
                number(element.vr(), cut, json);
            } else {
                json.writeString(cut);
            }
        }
        json.writeEndArray();
    }

    private static void name(String name, JsonGenerator json) throws IOException {
        json.writeStartObject();
        List<String> forms = DataSet.split(name, '=');
        for (int i = 0; i < Math.min(forms.size(), NAME_FORMS.size()); i++) {
            if (!forms.get(i).isEmpty()) {
                json.writeStringField(NAME_FORMS.get(i), forms.get(i));
            }
        }
        json.writeEndObject();
    }

    private static void number(Vr vr, String text, JsonGenerator json) throws IOException {
        String number = vr == Vr.AT ? "" : digits(text);
        if (number.isEmpty()) {
            json.writeString(text);
        } else {
            json.writeNumber(number);
        }
    }

    /**
     * @param text a decimal or integer string
     * @return the number as JSON writes it with the digits as sent; an empty text when it is none, or no sane one
     */
    public static String digits(String text) {
        if (NUMBER.matcher(text).matches()) {
            return text;
        }
        var parts = LOOSE_NUMBER.matcher(text);
        if (!parts.matches() || !text.matches(".*\\d.*") || text.matches("[+-]?\\.?[eE].*")) {
            return "";
        }
        String whole = parts.group(2).isEmpty() ? "0" : parts.group(2);
        String fraction = parts.group(3) == null || parts.group(3).length() == 1 ? "" : parts.group(3);
        String exponent = parts.group(4) == null ? "" : parts.group(4);
        return (parts.group(1).equals("-") ? "-" : "") + whole + fraction + exponent;
    }
}
