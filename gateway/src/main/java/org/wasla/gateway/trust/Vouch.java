package org.wasla.gateway.trust;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.wasla.gateway.command.Body;
import org.wasla.gateway.command.Desired;

/**
 * Who stands for a profile: its author, and somebody else who approved it. A statement is a compact JWS of type {@value
 * #AUTHOR} or {@value #APPROVAL} with {@code {"v":1,"id":"oxi","version":"1.0.1","sha256":"...","changes":["spo2"]}};
 * {@code changes} are the fields that are meant to become other values, units or codes. Stateless.
 */
public final class Vouch {
    /** What the header of an author's statement says in {@code typ}. */
    public static final String AUTHOR = "wasla-author+jws";
    /** And that of an approver's. */
    public static final String APPROVAL = "wasla-approval+jws";

    private static final int CHANGES_MAX = 100;
    private static final Pattern FIELD = Pattern.compile("[^\\p{Cntrl}]{1,64}");
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Vouch() {}

    /**
     * @param problems gets why nobody stands for it, or not two persons
     * @return the fields that the approver said may change
     */
    public static Set<String> changes(Desired.Bundle bundle, Keyring keys, long nowS, List<String> problems) {
        List<String> found = new ArrayList<>();
        String author = "";
        String approver = "";
        List<String> changes = List.of();
        for (String statement : bundle.statements()) {
            try {
                Jws jws = Jws.parse(statement);
                boolean isApproval = jws.type().equals(APPROVAL);
                Role role = isApproval ? Role.APPROVER : Role.AUTHOR;
                Optional<Keyring.Key> key = keys.signer(jws, isApproval ? APPROVAL : AUTHOR, role, nowS, found);
                if (key.isPresent() && isApproval) {
                    changes = fields(jws, bundle, found);
                    approver = key.get().who();
                } else if (key.isPresent()) {
                    fields(jws, bundle, found);
                    author = key.get().who();
                }
            } catch (Jws.Unreadable unreadable) {
                found.add(unreadable.getMessage());
            }
        }
        if (author.isEmpty() || approver.isEmpty()) {
            found.add("a profile needs the statements of an author and of an approver");
        } else if (author.equals(approver)) {
            found.add("author and approver are one person; somebody else must approve");
        }
        found.forEach(each -> problems.add("profile " + bundle.id() + ": " + each));
        return Set.copyOf(changes);
    }

    private static List<String> fields(Jws jws, Desired.Bundle of, List<String> problems) {
        try (JsonParser json = JSON.createParser(jws.payload())) {
            Body body = Body.read(json, problems);
            boolean isOfIt = body.plain("id").equals(of.id())
                    && body.plain("version").equals(of.version())
                    && body.plain("sha256").equals(of.hash());
            if (!isOfIt) {
                problems.add("the statement of '" + jws.keyId() + "' is about another profile or version");
            }
            return body.texts("changes", CHANGES_MAX, FIELD, "short names of fields");
        } catch (IOException noJson) {
            problems.add("the statement of '" + jws.keyId() + "' is no JSON, or says something twice");
            return List.of();
        }
    }
}
