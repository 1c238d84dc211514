package org.wasla.ops.bench;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.app.HL7Service;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.protocol.ReceivingApplication;
import ca.uhn.hl7v2.protocol.ReceivingApplicationException;
import ca.uhn.hl7v2.util.idgenerator.InMemoryIDGenerator;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A peer: HAPI's server, which parses every message, with its validation off. */
final class HapiMllp implements ReceivingApplication<Message> {
    private final SyncedFile store;

    private HapiMllp(SyncedFile store) {
        this.store = store;
    }

    /** @param args port to listen on; file of the store */
    public static void main(String[] args) throws IOException, InterruptedException {
        HapiContext context = new DefaultHapiContext();
        context.setValidationContext(ValidationContextFactory.noValidation());
        // Its own default writes a file into the working directory.
        context.getParserConfiguration().setIdGenerator(new InMemoryIDGenerator());
        HL7Service service = context.newServer(Integer.parseInt(args[0]), false);
        service.registerApplication(new HapiMllp(new SyncedFile(Path.of(args[1]))));
        service.startAndWait();
        Thread.currentThread().join();
    }

    @Override
    public Message processMessage(Message message, Map<String, Object> metadata)
            throws ReceivingApplicationException, HL7Exception {
        try {
            store.keep(message.encode().getBytes(StandardCharsets.UTF_8));
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
