package org.wasla.gateway.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.TestKeys;

/** Two states of a box one after the other, and the steps on disk from one to the next. As a process: killed at a step. */
public final class StateSteps {
    private static final int PROFILES = 2;
    private final KeyPair pair = TestKeys.pair();

    /** A step was the last one: as if the process were gone. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /**
     * A state.
     *
     * @param files what must stand under its profiles, text by path
     */
    record State(
            long revision, String signed, String hash, Desired desired, String devices, Map<String, String> files) {}

    /** @param what differs from one state to the next */
    State state(long revision, String what) {
        StringBuilder bundles = new StringBuilder();
        Map<String, String> files = new java.util.TreeMap<>();
        for (int i = 1; i <= PROFILES; i++) {
            String text = what + " profile " + i + " ".repeat(200);
            files.put("p" + i + "/profile.yaml", text);
            files.put("p" + i + "/captures/one.cap", what + " capture");
            bundles.append(i == 1 ? "" : ",")
                    .append("{\"id\":\"p" + i + "\",\"version\":\"1.0.0\",\"sha256\":\"" + DesiredReader.sha256(text))
                    .append("\",\"statements\":[],\"files\":{\"profile.yaml\":\"" + text)
                    .append("\",\"captures/one.cap\":\"" + what + " capture\"}}");
        }
        String devices = "[] # " + what;
        String payload = "{\"v\":1,\"aud\":[\"gw-1\"],\"rev\":" + revision + ",\"prev\":[],\"nbf\":0,\"exp\":100,"
                + "\"devices\":\"" + devices + "\",\"profiles\":[" + bundles + "]}";
        List<String> problems = new ArrayList<>();
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        Desired desired =
                DesiredReader.read(bytes, problems).orElseThrow(() -> new AssertionError(problems.toString()));
        String signed = Jws.sign("tech-1", ConfigDesk.TYPE, bytes, pair.getPrivate());
        return new State(revision, signed, DesiredReader.sha256(bytes), desired, devices, files);
    }

    /** From what is in force to this state. */
    static void apply(Path buffer, State next) throws IOException {
        StateBook book = StateBook.open(buffer);
        book.store().prepare(next.hash(), next.signed(), next.desired());
        book.commit(new StateBook.Current(next.revision(), next.hash(), ""));
    }

    /** {@code BUFFER REVISION WHAT STEP}: the process is gone at that step, without a word. */
    public static void main(String[] args) throws IOException {
        int last = Integer.parseInt(args[3]);
        IntConsumer halt = step -> {
            if (step >= last) {
                Runtime.getRuntime().halt(137);
            }
        };
        StepFiles files = new StepFiles(halt);
        apply(files.of(Path.of(args[0])), new StateSteps().state(Long.parseLong(args[1]), args[2]));
    }
}
