package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.Pdu.Outcome;
import org.wasla.gateway.dicom.Pdu.Proposal;
import org.wasla.gateway.dicom.Pdu.Role;
import org.wasla.gateway.dicom.Pdu.User;
import org.wasla.gateway.frame.Bytes;

/** A scanner sends only what was agreed on: what we refuse here is an examination that never arrives. */
class NegotiationTest {
    private static final String WORKLIST = "1.2.840.10008.5.1.4.31";

    private static Pdu.Accept accepted(Proposal... proposals) {
        return (Pdu.Accept) Negotiation.answer(Talk.request(proposals), Set.of(Uids.VERIFICATION));
    }

    private static String answer(String abstractSyntax, String... syntaxes) {
        Pdu.Answer answer = accepted(new Proposal(1, abstractSyntax, List.of(syntaxes)))
                .answers()
                .get(0);
        return answer.outcome() == Outcome.ACCEPTED
                ? answer.transferSyntax()
                : answer.outcome().name();
    }

    /** storescu's second context offers big endian first. */
    @Test
    void bigEndianAndDeflatedAreTakenOnlyAlone() {
        assertEquals(Uids.IMPLICIT_LITTLE, answer(Talk.CT, Uids.EXPLICIT_BIG, Uids.IMPLICIT_LITTLE));
        assertEquals(Uids.EXPLICIT_LITTLE, answer(Talk.CT, Uids.DEFLATED, Uids.EXPLICIT_BIG, Uids.EXPLICIT_LITTLE));
        assertEquals(Uids.EXPLICIT_BIG, answer(Talk.CT, Uids.EXPLICIT_BIG));
        assertEquals(Uids.DEFLATED, answer(Talk.CT, Uids.DEFLATED));
    }

    @Test
    void whatTheSenderLikesBestIsTaken() {
        assertEquals("1.2.840.10008.1.2.4.90", answer(Talk.CT, "1.2.840.10008.1.2.4.90", Uids.EXPLICIT_LITTLE));
        assertEquals(Uids.IMPLICIT_LITTLE, answer(Talk.CT, Uids.IMPLICIT_LITTLE, Uids.EXPLICIT_LITTLE));
    }

    /** HTJ2K, JPEG XL and what nobody knows yet; classes of makers. */
    @Test
    void unknownEncodingsAndClassesAreTaken() {
        assertEquals("1.2.840.10008.1.2.4.111", answer(Talk.CT, "1.2.840.10008.1.2.4.111"));
        assertEquals("1.2.99999", answer("1.3.46.670589.5.0.1.1", "1.2.99999"));
        assertEquals(Uids.EXPLICIT_LITTLE, answer("1.2.840.10008.5.1.4.34.7", Uids.EXPLICIT_LITTLE));
    }

    @Test
    void servicesThatWeLackAreRefusedAndNotTakenForStorage() {
        for (String service : List.of(WORKLIST, "1.2.840.10008.1.20.1", "1.2.840.10008.5.1.4.1.2.2.1", "")) {
            assertEquals("ABSTRACT_SYNTAX_NOT_SUPPORTED", answer(service, Uids.IMPLICIT_LITTLE), service);
        }
        assertEquals("TRANSFER_SYNTAXES_NOT_SUPPORTED", answer(Uids.VERIFICATION, "1.2.840.10008.1.2.4.90"));
        assertEquals("TRANSFER_SYNTAXES_NOT_SUPPORTED", answer(Talk.CT));
    }

    @Test
    void everyContextIsAnsweredAlsoTheOneTooMany() {
        List<Proposal> proposals = new ArrayList<>();
        for (int i = 0; i < 129; i++) {
            proposals.add(new Proposal(2 * i + 1 & 0xff, Talk.CT, List.of(Uids.EXPLICIT_LITTLE)));
        }
        proposals.add(new Proposal(2, Talk.CT, List.of(Uids.EXPLICIT_LITTLE)));
        List<Pdu.Answer> answers = accepted(proposals.toArray(new Proposal[0])).answers();
        assertEquals(130, answers.size());
        assertEquals(
                128,
                answers.stream().filter(a -> a.outcome() == Outcome.ACCEPTED).count());
        assertEquals(Outcome.NO_REASON, answers.get(128).outcome());
        assertEquals(Outcome.NO_REASON, answers.get(129).outcome());
    }

    @Test
    void anotherVersionOrApplicationIsRefused() {
        Pdu.Request good = Talk.usual();
        Pdu.Request version = new Pdu.Request(2, good.titles(), good.application(), good.proposals(), good.user());
        Pdu.Request other = new Pdu.Request(1, good.titles(), "1.2.3", good.proposals(), good.user());
        assertEquals(Pdu.Reject.VERSION, Negotiation.answer(version, Set.of()));
        assertEquals(Pdu.Reject.APPLICATION_CONTEXT, Negotiation.answer(other, Set.of()));
    }

    @Test
    void titlesAndReservedBytesAreEchoed() {
        Bytes titles = Bytes.latin1("WASLA           CT1             ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef");
        Pdu.Request request = new Pdu.Request(
                1,
                titles,
                Uids.APPLICATION_CONTEXT,
                Talk.usual().proposals(),
                Talk.usual().user());
        assertEquals(titles, ((Pdu.Accept) Negotiation.answer(request, Set.of())).titles());
        assertEquals("CT1", request.calling());
    }

    @Test
    void theCallerMayAskAndDoesNotServe() {
        User user = new User(0, "1.2", null, List.of(new Role(Talk.CT, true, true)), true);
        Pdu.Request request = Pdu.Request.of("WASLA", "CT1", Talk.usual().proposals(), user);
        User ours = ((Pdu.Accept) Negotiation.answer(request, Set.of())).user();
        assertEquals(List.of(new Role(Talk.CT, true, false)), ours.roles());
        assertTrue(ours.isIdentityAsked());
        assertFalse(accepted().user().isIdentityAsked());
    }
}
