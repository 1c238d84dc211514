package org.wasla.gateway.command;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;

/** Reads the content of {@code cmd/worklist}: what is ordered, and what is not any more. Stateless. */
final class WorklistReader {
    static final int ORDERS_MAX = 200;
    static final long TTL_S_MAX = 30L * 86_400;
    private static final int TESTS_MAX = 100;
    private static final int DEVICES_MAX = 50;
    private static final int WORDS_MAX = 64;

    private static final Pattern ID = Pattern.compile("[!-~]{1,64}");
    private static final Pattern CODE = Pattern.compile("[!-~](?:[ -~]{0,30}[!-~])?");
    private static final Pattern DEVICE = Pattern.compile("[a-z0-9-]{1,128}");
    private static final Pattern OPERATION = Pattern.compile("put|cancel");
    private static final Pattern PRIORITY = Pattern.compile("[SARCP]");
    private static final Pattern NUMBER = Pattern.compile("[^\\p{Cntrl}^~|\\\\&]{1,64}");
    private static final Pattern BIRTH = Pattern.compile("\\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\\d|3[01]))?)?");
    private static final Pattern SEX = Pattern.compile("[MFOU]");
    private static final Pattern MODALITY = Pattern.compile("[A-Z0-9_]{1,16}");
    private static final Pattern SHORT = Pattern.compile("[!-\\[\\]-~](?:[ -\\[\\]-~]{0,14}[!-\\[\\]-~])?");
    private static final Pattern START = Pattern.compile(
            "\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?");
    private static final Pattern UID = Pattern.compile("(?=.{1,64}$)(?:0|[1-9]\\d*)(?:\\.(?:0|[1-9]\\d*))+");

    private WorklistReader() {}

    static Command.Worklist read(Body command, String jti, String client) {
        List<Change> changes = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        boolean hasPut = false;
        for (Body each : command.bodies("orders", ORDERS_MAX)) {
            String id = each.text("id", ID, "up to 64 letters, digits and signs without a blank");
            if (!ids.add(id)) {
                each.problem("the id is there already; write each order once");
            }
            boolean isPut = each.text("op", OPERATION, "put or cancel").equals("put");
            changes.add(isPut ? new Change.Put(order(each, id)) : new Change.Cancel(id));
            hasPut |= isPut;
        }
        if (changes.isEmpty()) {
            command.problem("orders is empty; write 1 to " + ORDERS_MAX + " orders");
        }
        long ttlS = hasPut || command.has("ttl") ? command.number("ttl", 1, TTL_S_MAX) : 1;
        return new Command.Worklist(jti, client, changes, ttlS);
    }

    private static Order order(Body of, String id) {
        String specimen = of.optional("specimen", CODE, "the number on the tube, up to 32 printable characters");
        List<String> tests = of.texts("tests", TESTS_MAX, CODE, "codes of up to 32 printable characters");
        Order.Step step = step(of.body("step", false));
        Order.Patient patient = patient(of.body("pat", true), step != null, of);
        if (specimen.isEmpty() != tests.isEmpty()) {
            of.problem(
                    specimen.isEmpty()
                            ? "tests without a specimen; write both"
                            : "a specimen without tests; write both");
        } else if (specimen.isEmpty() && step == null) {
            of.problem("neither tests nor a step; write specimen and tests, or step");
        }
        return new Order(
                id,
                specimen,
                tests,
                of.has("prio") ? of.text("prio", PRIORITY, "S, A, R, C or P") : "R",
                of.texts("dev", DEVICES_MAX, DEVICE, "ids of devices, such as lab-xn"),
                patient,
                step,
                0);
    }

    private static Order.Patient patient(@Nullable Body of, boolean isNeeded, Body order) {
        if (of == null) {
            if (isNeeded && !order.has("pat")) {
                order.problem("a step without pat; write whose it is");
            }
            return Order.Patient.NONE;
        }
        return new Order.Patient(
                of.text("id", NUMBER, "the patient's number, up to 64 characters without ^ ~ | \\ &"),
                of.optional("auth", NUMBER, "who gave the number, up to 64 characters without ^ ~ | \\ &"),
                of.words("family", WORDS_MAX),
                of.words("given", WORDS_MAX),
                of.optional("birth", BIRTH, "a date such as 1970-01-31, 1970-01 or 1970"),
                of.optional("sex", SEX, "M, F, O or U"));
    }

    private static Order.@Nullable Step step(@Nullable Body of) {
        if (of == null) {
            return null;
        }
        return new Order.Step(
                of.optional("accession", SHORT, "up to 16 printable characters"),
                of.optional("procedure", SHORT, "up to 16 printable characters"),
                of.words("procedure-text", WORDS_MAX),
                of.text("id", SHORT, "the step's id, up to 16 printable characters"),
                of.text("modality", MODALITY, "a modality, such as CT"),
                of.optional("ae", SHORT, "an AE title, up to 16 printable characters"),
                of.text("start", START, "the site's time, such as 2026-06-16T08:00"),
                of.words("text", WORDS_MAX),
                of.optional("study", UID, "a UID of up to 64 characters"),
                of.words("physician", WORDS_MAX));
    }
}
