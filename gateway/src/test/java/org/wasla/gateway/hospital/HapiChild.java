package org.wasla.gateway.hospital;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.app.HL7Service;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.protocol.ReceivingApplication;
import ca.uhn.hl7v2.protocol.ReceivingApplicationException;
import ca.uhn.hl7v2.util.idgenerator.InMemoryIDGenerator;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** HAPI as a receiver in a process of its own, to be killed: writes down what it has, then acknowledges it. */
final class HapiChild {
    private HapiChild() {}

    /** The number of a message, and the ids of the records in it. */
    private record Book(OutputStream out) implements ReceivingApplication<Message> {
        @Override
        public Message processMessage(Message message, Map<String, Object> metadata)
                throws ReceivingApplicationException, HL7Exception {
            StringBuilder line = new StringBuilder();
            try {
                for (String segment : message.encode().split("\r")) {
                    String[] fields = segment.split("\\|", -1);
                    if (fields[0].equals("MSH")) {
                        line.append(fields[9]);
                    } else if (fields[0].equals("OBR")) {
                        line.append(' ').append(fields[3].split("\\^")[0]);
                    }
                }
                out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
                return message.generateACK();
            } catch (IOException e) {
                throw new ReceivingApplicationException(e);
            }
        }

        @Override
        public boolean canProcess(Message message) {
            return true;
        }
    }

    /** @param args a port, and the file that it adds lines to */
    public static void main(String[] args) throws Exception {
        try (DefaultHapiContext context = new DefaultHapiContext();
                OutputStream out = new FileOutputStream(args[1], true)) {
            // The usual one leaves a file in the working directory.
            context.getParserConfiguration().setIdGenerator(new InMemoryIDGenerator());
            HL7Service service = context.newServer(Integer.parseInt(args[0]), false);
            service.registerApplication(new Book(out));
            service.startAndWait();
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // whoever started us is still there
            }
        }
        System.exit(0);
    }
}
