package org.wasla.gateway.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.command.Gate;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Keyring;
import org.wasla.gateway.trust.SignedCommand;
import org.wasla.gateway.trust.TestKeys;

/** A command is taken once: over repeats, restarts, a full disk and a clock that goes wrong. */
class CommandDoorTest {
    @TempDir
    Path folder;

    private final KeyPair root = TestKeys.pair();
    private final KeyPair technician = TestKeys.pair();
    private long nowS = 5_000;
    private Outbox outbox;
    private Auditor auditor;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(new OutboxSettings(folder, 64 << 20, 0), (device, kind, from, to, why) -> {
            throw new IllegalStateException("no gaps here");
        });
        auditor = Auditor.open("gw-1", folder, outbox);
    }

    @AfterEach
    void close() {
        auditor.close();
        outbox.close();
    }

    private CommandDoor door() throws IOException {
        String list = TestKeys.list(root, 1, TestKeys.entry("tech-1", technician, "m-1", "\"command\""));
        Keyring keys = Keyring.read(list, new Keyring.Roots(List.of(root.getPublic()), 1), new ArrayList<>())
                .orElseThrow();
        return new CommandDoor(
                new SignedCommand.Box("gw-1", List.of()), problems -> keys, folder, auditor, () -> nowS * 1_000);
    }

    private byte[] command(String jti, String more) {
        String payload = "{\"v\":1,\"jti\":\"" + jti + "\",\"aud\":\"gw-1\",\"verb\":\"restart\",\"iat\":" + nowS
                + ",\"exp\":" + (nowS + 300) + more + "}";
        return Jws.sign("tech-1", SignedCommand.TYPE, payload.getBytes(StandardCharsets.UTF_8), technician.getPrivate())
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Gate.Admission admit(CommandDoor door, byte[] command) {
        return door.admit("restart", "tech-1", command);
    }

    private static boolean isTaken(Gate.Admission admission) {
        return admission.content().length > 0;
    }

    private String audit() throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.list(Auditor.folder(folder))) {
            for (Path file : files.sorted().toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    @Test
    void aRepeatIsAnsweredAsBeforeAndNotCarriedOut() throws IOException {
        CommandDoor door = door();
        byte[] command = command("j-1", "");
        assertTrue(isTaken(admit(door, command)));
        assertTrue(admit(door, command).isSilent(), "while it is carried out");
        door.answered("j-1", "{\"s\":\"done\"}");
        Gate.Admission again = admit(door, command);
        assertFalse(isTaken(again));
        assertEquals("{\"s\":\"done\"}", again.told());
        // Neither does a restart of the agent give it a second life.
        assertEquals("{\"s\":\"done\"}", admit(door(), command).told());
        assertTrue(audit().contains("command-taken"), audit());
        assertTrue(audit().contains("command-again"), audit());
    }

    @Test
    void whatAPowerCutInterruptedIsBegunAgainOnce() throws IOException {
        byte[] command = command("j-1", "");
        assertTrue(isTaken(admit(door(), command)));
        CommandDoor after = door();
        assertEquals("j-1", after.left().get(0).jti());
        assertTrue(isTaken(admit(after, command)));
        assertTrue(admit(after, command).isSilent());
    }

    @Test
    void oneJtiIsOfOneCommand() throws IOException {
        CommandDoor door = door();
        assertTrue(isTaken(admit(door, command("j-1", ""))));
        Gate.Admission other = admit(door, command("j-1", ",\"x\":1"));
        assertEquals(
                "the jti was used for another command; give each its own",
                other.problems().get(0));
    }

    @Test
    void aClockThatIsSetBackGivesNoSecondLife() throws IOException {
        CommandDoor door = door();
        byte[] command = command("j-1", "");
        assertTrue(isTaken(admit(door, command)));
        door.answered("j-1", "{}");
        nowS += 1_000;
        assertTrue(isTaken(admit(door, command("j-2", ""))), "the first is forgotten by now");
        nowS -= 1_000;
        assertTrue(admit(door, command).problems().get(0).contains("it has expired"));
        // The file still has it, and its answer.
        assertEquals("{}", admit(door(), command).told());
    }

    @Test
    void refusalsAreCountedInTheAuditAndNotAnsweredForEver() throws IOException {
        CommandDoor door = door();
        byte[] plain = "{\"v\":1,\"jti\":\"j-1\"}".getBytes(StandardCharsets.UTF_8);
        int answered = 0;
        for (int i = 0; i < 100; i++) {
            answered += admit(door, plain).isSilent() ? 0 : 1;
        }
        assertEquals(60, answered);
        assertEquals(7, audit().split("command-refused", -1).length - 1, "the 1st, 2nd, 4th ... 64th");
        assertTrue(isTaken(admit(door, command("j-1", ""))), "a good one is taken all the same");
    }

    @Test
    void helloNeedsNoSignature() throws IOException {
        assertTrue(isTaken(door().admit("hello", "replay", "{}".getBytes(StandardCharsets.UTF_8))));
    }
}
