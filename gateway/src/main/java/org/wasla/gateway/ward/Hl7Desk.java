package org.wasla.gateway.ward;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.hl7.Er7Writer;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.Person;

/**
 * Answers the messages of the hospital: ADT and PCIM once they are on disk, questions from what is known. Thread-safe. The
 * answer is AA, AE or AR; CA, CE or CR where the sender asks for an accept acknowledgement (MSH-15; HL7 v2, chapter 2.9).
 */
final class Hl7Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Hl7Desk.class);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmssZ", Locale.ROOT);
    private static final List<String> ACCEPT = List.of("AL", "SU", "ER");
    private static final String NOT_OURS = "this port takes ADT and patient-device associations";
    private static final String INTERNAL = "207";
    private static final String UNSUPPORTED = "200";
    private final Ward ward;
    private final AtomicLong answers = new AtomicLong();

    Hl7Desk(Ward ward) {
        this.ward = ward;
    }

    /** The answer in its frame. What is no message is not answered. */
    Optional<Bytes> answer(Bytes body) {
        Er7Message message = Er7Message.read(body, null).orElse(null);
        if (message == null) {
            LOG.warn("hospital message without a header bytes={}", body.size());
            return Optional.empty();
        }
        if (isQuery(message)) {
            return Optional.of(result(message));
        }
        return Optional.of(told(message));
    }

    private Bytes told(Er7Message message) {
        try {
            String problem = keep(message);
            if (problem == null) {
                return acknowledgement(message, 'A', "");
            }
            // Nobody will understand it better when it comes again.
            boolean isForeign = problem.equals(NOT_OURS);
            LOG.warn(
                    "hospital message refused type={} event={} cause=\"{}\"",
                    word(message.type()),
                    word(message.event()),
                    problem);
            return acknowledgement(message, isForeign ? 'R' : 'E', problem);
        } catch (IOException notKept) {
            LOG.warn("hospital message not kept cause=\"{}\"", notKept.getMessage());
            return acknowledgement(message, 'E', "not kept, send it again");
        }
    }

    /** A code for the log: nothing else than a code may come into it. */
    private static String word(String code) {
        return code.matches("[A-Z0-9]{1,7}") ? code : "?";
    }

    /** @return why it is refused, or null; what says nothing of patients and beds is taken and left */
    private @Nullable String keep(Er7Message message) throws IOException {
        if (message.type().equals("ADT")) {
            AdtReader.Heard heard = AdtReader.read(message, ward.settings(), System.currentTimeMillis());
            if (heard.problem() == null) {
                ward.adt(heard.events());
            }
            return heard.problem();
        }
        if (!PcimReader.isOne(message)) {
            return NOT_OURS;
        }
        PcimReader.Heard heard = PcimReader.read(message, ward);
        return heard.report() == null || heard.patient() == null
                ? heard.problem()
                : ward.reported(heard.report(), heard.patient());
    }

    private Bytes acknowledgement(Er7Message message, char code, String problem) {
        boolean isAccept = ACCEPT.contains(message.header().text(15));
        Er7Writer answer = header(message, "ACK", message.event(), "ACK");
        answer.segment("MSA").field((isAccept ? "C" : "A") + code).field(message.controlId());
        if (!problem.isEmpty()) {
            String fault = code == 'R' ? UNSUPPORTED : INTERNAL;
            answer.segment("ERR").skip(2).field(fault).field("E").skip(3).field(problem);
        }
        return answer.framed();
    }

    private Er7Writer header(Er7Message to, String type, String event, String structure) {
        Er7Segment header = to.header();
        String version = header.text(12);
        return new Er7Writer(to.delimiters(), to.charset())
                .segment("MSH")
                .raw(header.raw(5))
                .raw(header.raw(6))
                .raw(header.raw(3))
                .raw(header.raw(4))
                .field(time(System.currentTimeMillis(), ward.settings().zone()))
                .field()
                .field(type, event, structure)
                .field("W" + System.currentTimeMillis() + "-" + answers.incrementAndGet())
                .raw(header.raw(11))
                .field(version.isEmpty() ? "2.5" : version)
                .skip(5)
                .raw(to.charset().equals(StandardCharsets.US_ASCII) ? "" : header.raw(18));
    }

    private static String time(long ms, ZoneId zone) {
        return TIME.format(Instant.ofEpochMilli(ms).atZone(zone));
    }

    private static boolean isQuery(Er7Message message) {
        return message.type().equals("QRY") && message.event().equals("A19")
                || message.type().equals("QBP") && message.event().equals("Q22");
    }

    /** ADR^A19 (HL7 v2, chapter 3.3.19) or RSP^K22 (chapter 3.3.57): the one patient of the number that is asked for. */
    private Bytes result(Er7Message message) {
        boolean isOld = message.type().equals("QRY");
        Er7Segment question = message.first(isOld ? "QRD" : "QPD").orElse(null);
        Er7Writer answer = isOld ? header(message, "ADR", "A19", "ADR_A19") : header(message, "RSP", "K22", "RSP_K21");
        Optional<PatientId> asked =
                question == null ? Optional.empty() : isOld ? Queries.subject(question) : Queries.parameter(question);
        if (question == null || asked.isEmpty()) {
            answer.segment("MSA").field("AE").field(message.controlId());
            answer.segment("ERR").skip(2).field("207").field("E").skip(3).field("asks for no patient number");
            return answer.framed();
        }
        Optional<Person> person = ward.person(asked.get()).filter(Person::isOfHospital);
        answer.segment("MSA").field("AA").field(message.controlId());
        answer.segment("QAK").field(question.text(isOld ? 4 : 2)).field(person.isPresent() ? "OK" : "NF");
        Queries.echo(answer, question);
        person.ifPresent(found -> Queries.patient(answer, found, isOld));
        return answer.framed();
    }
}
