package org.wasla.gateway.render;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.v26.group.ORU_R01_ORDER_OBSERVATION;
import ca.uhn.hl7v2.model.v26.message.ORU_R01;
import ca.uhn.hl7v2.model.v26.segment.OBX;
import ca.uhn.hl7v2.parser.DefaultModelClassFactory;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.parser.UnexpectedSegmentBehaviourEnum;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** HAPI with its rules for HL7 v2.6 on. It has no structure for R40, which is that of R01 by IHE's table. */
final class Judge {
    private Judge() {}

    private static final class Structures extends DefaultModelClassFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public Class<? extends Message> getMessageClass(String name, String version, boolean isExplicit)
                throws HL7Exception {
            return name.equals("ORU_R40") ? ORU_R01.class : super.getMessageClass(name, version, isExplicit);
        }
    }

    private static final PipeParser PARSER = parser();

    private static PipeParser parser() {
        DefaultHapiContext context = new DefaultHapiContext();
        context.setModelClassFactory(new Structures());
        context.setValidationContext(ValidationContextFactory.defaultValidation());
        context.getParserConfiguration()
                .setUnexpectedSegmentBehaviour(UnexpectedSegmentBehaviourEnum.THROW_HL7_EXCEPTION);
        return context.getPipeParser();
    }

    /** @throws HL7Exception when it is not as the standard says */
    static ORU_R01 parsed(Pcd.Message message) throws HL7Exception {
        return (ORU_R01) PARSER.parse(text(message));
    }

    static String text(Pcd.Message message) {
        return new String(message.body().toArray(), StandardCharsets.UTF_8);
    }

    static List<ORU_R01_ORDER_OBSERVATION> orders(ORU_R01 message) throws HL7Exception {
        return message.getPATIENT_RESULT().getORDER_OBSERVATIONAll();
    }

    static List<OBX> rows(ORU_R01_ORDER_OBSERVATION order) throws HL7Exception {
        List<OBX> rows = new ArrayList<>();
        for (var each : order.getOBSERVATIONAll()) {
            rows.add(each.getOBX());
        }
        return rows;
    }

    /** The value as one text, of whatever type it is. */
    static String value(OBX row, int component) throws HL7Exception {
        if (row.getObservationValueReps() == 0) {
            return "";
        }
        String text = Terser.get(row, 5, 0, component, 1);
        return text == null ? "" : text;
    }
}
