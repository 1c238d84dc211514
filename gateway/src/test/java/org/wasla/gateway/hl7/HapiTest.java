package org.wasla.gateway.hl7;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.parser.GenericModelClassFactory;
import ca.uhn.hl7v2.parser.Parser;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;

/** HAPI is the judge: it reads what we write, and reads the same as we do in messages of others. */
class HapiTest {
    private static final Path LAB = Path.of("../../shared/captures/lab");

    private static Parser parser() {
        DefaultHapiContext context = new DefaultHapiContext();
        context.setModelClassFactory(new GenericModelClassFactory());
        context.setValidationContext(ValidationContextFactory.noValidation());
        return context.getGenericParser();
    }

    @Test
    void weReadTheSameInRealMessages() throws IOException, HL7Exception {
        assumeTrue(Files.isDirectory(LAB), "the captures are not beside this checkout");
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("pcd01", "adt", "pcim_ihe", "mindray_bc5380")) {
            try (Stream<Path> all = Files.list(LAB.resolve(folder))) {
                all.forEach(files::add);
            }
        }
        int compared = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            Er7Message ours = Er7Message.read(Bytes.of(bytes), null).orElseThrow();
            StringBuilder plain = new StringBuilder();
            for (String line : new String(bytes, ours.charset()).split("[\r\n]+")) {
                plain.append(line).append('\r');
            }
            compared += compare(
                    ours, parser().parse(plain.toString()), file.getFileName().toString());
        }
        assertTrue(compared > 700, "only " + compared + " values were compared");
    }

    /** Compares the first two repetitions of each field of the first segment of each name. */
    private static int compare(Er7Message ours, Message theirs, String file) throws HL7Exception {
        Terser terser = new Terser(theirs);
        int compared = 0;
        List<String> seen = new ArrayList<>();
        for (Er7Segment segment : ours.segments()) {
            if (seen.contains(segment.name())) {
                continue;
            }
            seen.add(segment.name());
            for (int field = segment.name().equals("MSH") ? 3 : 1; field <= segment.fields(); field++) {
                List<Er7Value> values = segment.values(field);
                for (int i = 0; i < Math.min(2, values.size()); i++) {
                    for (int part = 1; part <= values.get(i).components(); part++) {
                        String place = "/." + segment.name() + "-" + field + "(" + i + ")-" + part;
                        String text = terser.get(place);
                        String told = text == null || text.equals("\"\"") ? "" : text;
                        assertEquals(told, values.get(i).text(part), file + place);
                        compared++;
                    }
                }
            }
        }
        return compared;
    }

    @Test
    void whatWeEscapeIsReadAsTheSameText() throws HL7Exception {
        String odd = "a|b^c&d~e\\f";
        Bytes written = new Er7Writer()
                .segment("MSH")
                .field("W")
                .skip(5)
                .field("ACK", "R01")
                .field("1")
                .field("P")
                .field("2.6")
                .segment("MSA")
                .field("AA")
                .field(odd)
                .bytes();
        String text = new String(written.toArray(), StandardCharsets.UTF_8);
        assertEquals(odd, new Terser(parser().parse(text)).get("/.MSA-2"));
    }
}
