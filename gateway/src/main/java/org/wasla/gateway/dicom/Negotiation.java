package org.wasla.gateway.dicom;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.wasla.gateway.dicom.Pdu.Answer;
import org.wasla.gateway.dicom.Pdu.Outcome;
import org.wasla.gateway.dicom.Pdu.Proposal;
import org.wasla.gateway.dicom.Pdu.Role;
import org.wasla.gateway.dicom.Pdu.User;

/**
 * What we answer to a request for an association (PS3.8 section 9.3.3, PS3.7 annex D.3). Every context is answered.
 * Anything that can be stored is taken in any encoding, since nothing is decoded on the way. Stateless.
 */
public final class Negotiation {
    /** Slow to unpack, or hardly read by anyone: taken only when nothing else is offered. */
    private static final Set<String> LAST_CHOICES = Set.of(Uids.EXPLICIT_BIG, Uids.DEFLATED);

    private Negotiation() {}

    /**
     * The answer to a request whose titles were found good.
     *
     * @param services classes beside storage that are served; they speak the uncompressed little endian syntaxes
     */
    public static Pdu answer(Pdu.Request request, Set<String> services) {
        if ((request.versions() & 1) == 0) {
            return Pdu.Reject.VERSION;
        }
        if (!request.application().equals(Uids.APPLICATION_CONTEXT)) {
            return Pdu.Reject.APPLICATION_CONTEXT;
        }
        List<Answer> answers = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (Proposal proposal : request.proposals()) {
            boolean isId = proposal.id() % 2 == 1 && seen.add(proposal.id());
            answers.add(isId ? answer(proposal, services) : refused(proposal, Outcome.NO_REASON));
        }
        User theirs = request.user();
        List<Role> roles = new ArrayList<>();
        for (Role role : theirs.roles()) {
            // We serve: a requestor may ask, and is not asked by us on an association of its own.
            roles.add(new Role(role.abstractSyntax(), role.isUser(), false));
        }
        User ours =
                new User(Fragments.DATA_BYTES_MAX, Uids.IMPLEMENTATION, Uids.VERSION, roles, theirs.isIdentityAsked());
        return new Pdu.Accept(request.titles(), answers, ours);
    }

    private static Answer answer(Proposal proposal, Set<String> services) {
        String abstractSyntax = proposal.abstractSyntax();
        boolean isService = services.contains(abstractSyntax);
        if (abstractSyntax.isEmpty() || !isService && !Uids.isStorage(abstractSyntax)) {
            return refused(proposal, Outcome.ABSTRACT_SYNTAX_NOT_SUPPORTED);
        }
        String chosen = "";
        for (String syntax : proposal.transferSyntaxes()) {
            boolean isPossible = Uids.isUsable(syntax) && (!isService || isPlain(syntax));
            if (isPossible && (chosen.isEmpty() || LAST_CHOICES.contains(chosen) && !LAST_CHOICES.contains(syntax))) {
                chosen = syntax;
            }
        }
        return chosen.isEmpty()
                ? refused(proposal, Outcome.TRANSFER_SYNTAXES_NOT_SUPPORTED)
                : new Answer(proposal.id(), Outcome.ACCEPTED, chosen);
    }

    private static boolean isPlain(String syntax) {
        return syntax.equals(Uids.IMPLICIT_LITTLE) || syntax.equals(Uids.EXPLICIT_LITTLE);
    }

    /** A refused context carries a transfer syntax that has no meaning. */
    private static Answer refused(Proposal proposal, Outcome outcome) {
        return new Answer(proposal.id(), outcome, Uids.IMPLICIT_LITTLE);
    }
}
