package org.wasla.gateway.command;

import java.util.regex.Pattern;

/** Reads the content of {@code cmd/lookup}: what a registry says of a pseudonym. Stateless. It repeats no reference. */
final class LookupReader {
    private static final Pattern REQUEST = Pattern.compile("q-[0-9a-f]{16}");
    private static final Pattern SAID = Pattern.compile("known|unknown|ambiguous");
    private static final Pattern REFERENCE = Pattern.compile("n:[0-9a-f]{16,64}");
    private static final String MERGED = "merged";

    private LookupReader() {}

    static Command.Lookup read(Body body, String jti, String client) {
        String request = secret(body, "rq", REQUEST, "the rq of the question, q- and 16 hex digits");
        long rev = body.number("rev", 1, CommandReader.NUMBER_MAX);
        String said = body.text("s", SAID, "known, unknown or ambiguous");
        boolean isKnown = said.equals("known");
        String reference = "";
        if (isKnown) {
            reference = secret(
                    body, "reg", REFERENCE, "n: and 16 to 64 hex digits, a pseudonym and no number of the state");
        } else if (body.has("reg")) {
            body.problem("reg stands only beside s known; leave it out");
        }
        boolean isMerged = body.has("why");
        if (isMerged && (!isKnown || !body.plain("why").equals(MERGED))) {
            body.problem("why stands only beside s known, and is merged; leave it out");
        }
        return new Command.Lookup(jti, client, request, rev, said, reference, isMerged);
    }

    /** What is wrong is not repeated: it may be a number of the patient. */
    private static String secret(Body body, String name, Pattern form, String remedy) {
        String text = body.plain(name);
        if (!form.matcher(text).matches()) {
            body.problem(name + (body.has(name) ? " is of no such form" : " is missing") + "; write " + remedy);
        }
        return text;
    }
}
