package org.wasla.gateway.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Message.Alarm;
import org.wasla.gateway.message.Message.Alarms;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.MessageSpec.Outcome;
import org.wasla.gateway.message.Parts.AlarmList;
import org.wasla.gateway.message.Parts.Items;

/** Texts that are cut into records, alarm lists and the parts of a device. */
class PartsTest {
    private static final Outcome DAMAGED = new Outcome.Damaged(Fault.FORMAT);

    private static Records records(String form, @Nullable String between, boolean skipRest) {
        return new Records(Pattern.compile(form), between == null ? null : Pattern.compile(between), skipRest);
    }

    private static MessageSpec spec(Parts parts, @Nullable String part, Letters letters) {
        Pattern all = Pattern.compile("(?<at>\\w+):(?<body>.*)", Pattern.DOTALL);
        return new MessageSpec(
                "m",
                all,
                List.of("at", "body"),
                List.of(parts),
                List.of(),
                List.of(),
                List.of(),
                null,
                part,
                letters,
                MessageSpec.Fit.ANY);
    }

    private static Outcome items(Records records, String body) {
        return spec(new Items("body", records, null, false), null, Letters.ASCII)
                .parse(Bytes.latin1("x:" + body));
    }

    private static Outcome parsed(Item... items) {
        List<Message.Field> fields = new ArrayList<>(List.of(new Item("at", "x")));
        fields.addAll(List.of(items));
        return new Outcome.Parsed(List.of(new Message("m", fields)));
    }

    @Test
    void recordsFollowEachOtherWithoutAMark() {
        Records pairs = records("(?<key>[0-9A-F]{2})(?<value>.{3})", null, false);
        assertEquals(parsed(new Item("0A", "123"), new Item("FF", "-.-")), items(pairs, "0A123FF-.-"));
        assertEquals(parsed(), items(pairs, ""));
        assertEquals(DAMAGED, items(pairs, "0A123FF-."));
        assertEquals(DAMAGED, items(pairs, "0A123?"));
    }

    /** Half a record, or one that stands twice, shows that two frames ran together: no value of it is to be trusted. */
    @Test
    void whatIsNoRecordRefusesTheFrameUnlessItIsOfNoInterest() {
        Records strict = records("(?<key>[a-z])=(?<value>\\d*)", ";", false);
        assertEquals(parsed(new Item("a", "1"), new Item("b", "")), items(strict, "a=1;b=;"));
        assertEquals(DAMAGED, items(strict, "a=1;?;b=2"));
        assertEquals(DAMAGED, items(strict, "a=1;a=2"));
        Records loose = records("(?<key>[a-z])=(?<value>\\d*)", ";", true);
        assertEquals(parsed(new Item("a", "1"), new Item("b", "2")), items(loose, "a=1;?;b=2"));
    }

    /** A number in a unit that nobody expects would be a wrong value under the usual unit. */
    @Test
    void aNumberInAnUnknownUnitBecomesAWord() {
        Records records = records("(?<key>[a-z])(?<value>\\d+)(?<unit>\\D*)", ";", false);
        MessageSpec spec = spec(new Items("body", records, Map.of("mmHg", "mm[Hg]"), false), null, Letters.ASCII);
        assertEquals(
                parsed(new Item("a", "1", "mm[Hg]", null), new Item("b", "2"), new Item("c", "3 kPa")),
                spec.parse(Bytes.latin1("x:a1mmHg;b2;c3kPa")));
    }

    @Test
    void oneFrameBecomesAMessageForEachPart() {
        Records records = records("(?<part>\\d),(?<key>\\w+),(?<value>.*)", ";", false);
        MessageSpec spec = spec(new Items("body", records, null, true), null, Letters.ASCII);
        Item at = new Item("at", "x");
        assertEquals(
                new Outcome.Parsed(List.of(
                        new Message("m", List.of(at, new Item("r", "1"), new Item("v", "3")), "1"),
                        new Message("m", List.of(at, new Item("r", "2")), "2"))),
                spec.parse(Bytes.latin1("x:1,r,1;2,r,2;1,v,3")));
        assertEquals(DAMAGED, spec.parse(Bytes.latin1("x:1,r,1;2,r,2;1,r,3")));
    }

    @Test
    void aFieldSaysThePartAndIsNotPublishedBeside() {
        Records records = records("(?<key>[a-z])(?<value>\\d)", null, false);
        MessageSpec spec = spec(new Items("body", records, null, false), "at", Letters.ASCII);
        Outcome.Parsed parsed = (Outcome.Parsed) spec.parse(Bytes.latin1("x:a1"));
        assertEquals("x", parsed.messages().get(0).text("at"), "replies may name it");
        assertEquals(
                new Message("m", List.of(new Item("a", "1")), "x"),
                spec.published(parsed.messages().get(0)));
    }

    private static Outcome listed(boolean complete, String body) {
        Records records = records("(?<level>\\**)(?<id>\\d+) (?<text>[^;]*)|(?<end>END)", ";", false);
        AlarmList list = new AlarmList(
                "body",
                "phys",
                records,
                List.of("level", "id", "text", "end"),
                Map.of("***", "high", "", "low"),
                "phys",
                complete);
        return spec(list, null, Letters.ASCII).parse(Bytes.latin1("x:" + body));
    }

    private static Outcome list(boolean complete, Alarm... alarms) {
        Alarms list = new Alarms("phys", List.of(alarms), complete);
        return new Outcome.Parsed(List.of(new Message("m", List.of(new Item("at", "x"), list))));
    }

    /** Bedside.md 2.2: only the end marker says that alarms which are not listed are over. */
    @Test
    void anAlarmListIsCompleteByItsEndMarkerOrByTheProfile() {
        Alarm hot = new Alarm("7", "T1 too high", "phys", "high", "active", null);
        Alarm slow = new Alarm("8", "", "phys", "low", "active", null);
        assertEquals(list(true, hot, slow), listed(false, "***7 T1 too high;8 ;END"));
        assertEquals(list(false, hot, slow), listed(false, "***7 T1 too high;*8 "));
        assertEquals(list(true), listed(false, "END"));
        assertEquals(list(true), listed(true, ""));
        assertEquals(list(false, hot), listed(false, "***7 T1 too high;***7 T1 too high"));
        assertEquals(DAMAGED, listed(false, "***7 T1 too high;?"));
    }

    @Test
    void textsAreReadInTheCharsetThatTheProfileNames() {
        Records any = records("(?<key>k)(?<value>.*)", null, false);
        Items items = new Items("body", any, null, false);
        Bytes utf8 = Bytes.hex("78 3a 6b 53 70 4f e2 82 82 c3 a9");
        Bytes latin1 = Bytes.hex("78 3a 6b e9");
        assertEquals("SpO₂é", shown(spec(items, null, Letters.UTF_8), utf8));
        assertEquals("é", shown(spec(items, null, Letters.LATIN1), latin1));
        assertEquals(DAMAGED, spec(items, null, Letters.ASCII).parse(utf8));
        assertEquals(DAMAGED, spec(items, null, Letters.UTF_8).parse(latin1));
        assertEquals(DAMAGED, spec(items, null, Letters.LATIN1).parse(Bytes.hex("78 3a 6b 85")));
        assertEquals(DAMAGED, spec(items, null, Letters.UTF_8).parse(Bytes.hex("78 3a 6b 07")));
    }

    private static @Nullable String shown(MessageSpec spec, Bytes frame) {
        Outcome.Parsed parsed = (Outcome.Parsed) spec.parse(frame);
        return spec.published(parsed.messages().get(0)).text("k");
    }
}
