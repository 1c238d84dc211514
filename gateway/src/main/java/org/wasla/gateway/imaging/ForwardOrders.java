package org.wasla.gateway.imaging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import org.wasla.gateway.files.Durable;

/**
 * Orders to send objects again, as files in the store's folder: written whole by whoever may write there, taken by the
 * agent within a second or at its next start, and removed once they are in the log. Stateless.
 *
 * <pre>
 * resend-(uuid).order: a line each of destination, first number, last number | crc
 * </pre>
 */
public final class ForwardOrders {
    private static final String PATTERN = "resend-*.order";

    private ForwardOrders() {}

    /** Objects for a destination. */
    record Order(String destination, BitSet numbers) {}

    /** Asks for these objects, by number, at each of these destinations. */
    public static void place(Path dir, List<String> destinations, BitSet numbers) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String destination : destinations) {
            for (int from = numbers.nextSetBit(0); from >= 0; from = numbers.nextSetBit(numbers.nextClearBit(from))) {
                text.append(Instance.line(List.of(destination, from + "", numbers.nextClearBit(from) - 1 + "")));
            }
        }
        Path order = dir.resolve("resend-" + UUID.randomUUID() + ".order");
        Durable.write(order, text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The files of orders that wait. */
    static List<Path> waiting(Path dir) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(dir, PATTERN)) {
            found.forEach(files::add);
        }
        return files;
    }

    static List<Order> read(Path file) throws IOException {
        List<Order> orders = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            List<String> fields = Instance.fields(line);
            if (fields != null && fields.size() == 3) {
                BitSet numbers = new BitSet();
                numbers.set(Integer.parseInt(fields.get(1)), Integer.parseInt(fields.get(2)) + 1);
                orders.add(new Order(fields.get(0), numbers));
            }
        }
        return orders;
    }
}
