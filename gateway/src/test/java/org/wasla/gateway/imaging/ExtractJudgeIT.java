package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.Samples;

/** Every number of every report, beside DCMTK's dsrdump. */
class ExtractJudgeIT {
    private static final Pattern NUMBER = Pattern.compile("NUM:\\(([^,]+),([^,\\[]+).*?\\)=\"([^\"]*)\" \\(([^,]+),");

    @Test
    void numbersEqualThoseOfDsrdump() throws IOException, InterruptedException {
        int judged = 0;
        for (Path file : Samples.all()) {
            Extract extract = Extract.of(Samples.read(file));
            List<String> ours = ours(extract);
            if (!extract.marks().contains("report") || ours.isEmpty()) {
                continue;
            }
            List<String> theirs = theirs(file);
            // It refuses reports that break a rule of their template.
            if (!theirs.isEmpty()) {
                assertEquals(theirs, ours, Samples.name(file));
                judged += ours.size();
            }
        }
        assertTrue(judged > 500, judged + " numbers judged");
    }

    private static List<String> ours(Extract extract) {
        List<String> numbers = new ArrayList<>();
        for (ExtractMeasure measure : extract.measures()) {
            if (measure.value() instanceof ExtractMeasure.Value.Number number) {
                String unit = number.unit().sent() == null
                        ? number.unit().ucum()
                        : number.unit().sent();
                numbers.add(measure.what().id() + "=" + number.digits() + " " + unit);
            }
        }
        return numbers;
    }

    private static List<String> theirs(Path file) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("dsrdump", "-q", "-Ee", "-Er", "-Ec", "+Pc", file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException missing) {
            Assumptions.abort("skipped: dsrdump of Debian's dcmtk is not here");
            throw missing;
        }
        List<String> numbers = new ArrayList<>();
        try (InputStream said = process.getInputStream()) {
            Matcher found = NUMBER.matcher(new String(said.readAllBytes(), StandardCharsets.ISO_8859_1));
            while (found.find()) {
                String value = found.group(3) + " " + found.group(4);
                // Who somebody is, to which the age counts, is left out.
                if (!found.group(1).equals("121033")) {
                    numbers.add(found.group(2) + ":" + found.group(1) + "=" + value);
                }
            }
        }
        process.waitFor();
        return numbers;
    }
}
