package org.wasla.gateway.acts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.wasla.gateway.render.Tree;

/**
 * Follows the records of all devices and gives the acts that they show, each once. Pure: records, numbers and times come in.
 * One thread.
 *
 * <p>How nothing is lost or told twice: the acts of a record are kept together with all before them, or not at all, and each
 * names the records that show it. {@link #write} gives the state of a moment; after a crash the last one kept is read, the
 * events of acts that the buffer holds since then are given to {@link #told}, and the records behind them are taken again.
 */
public final class Acts {
    private final ActRules rules;
    private final Coder coder;
    private final Course.Limits limits;
    private final Memory memory = new Memory();
    private final Analyses analyses;
    private final Examinations examinations;
    private final Map<String, Course> courses = new HashMap<>();
    /** How far each stream was read, as {@code device.kind}; under {@code device.act} how far events were looked through. */
    private final Map<String, Long> read = new HashMap<>();

    /** Periods that another buffer's end has ended. */
    private final List<Act> ofOther = new ArrayList<>();

    private String epoch;
    private long passedOver;

    /**
     * Nothing known yet.
     *
     * @param epoch of the buffer whose numbers are to come
     */
    public Acts(ActRules rules, String epoch) {
        this.rules = rules;
        this.epoch = epoch;
        Map<String, String> kinds = new HashMap<>();
        rules.devices().forEach((profile, device) -> kinds.put(profile, device.kind()));
        this.coder = new Coder(rules.table(), kinds);
        this.limits = new Course.Limits(rules.quietMs(), rules.leastMs());
        this.analyses = new Analyses(rules.finals(), memory, coder);
        this.examinations = new Examinations(rules.duplicateMs(), memory, coder);
    }

    /**
     * The state that was written.
     *
     * @param nowNs monotonic: from now on what is silent is counted
     * @throws IOException when it is none
     */
    public static Acts read(byte[] state, ActRules rules, long nowNs) throws IOException {
        return ActState.read(state, rules, nowNs);
    }

    /** To be read again by {@link #read(byte[], ActRules, long)}. */
    public byte[] write() {
        return ActState.write(this);
    }

    /** The buffer whose numbers were read. */
    public String epoch() {
        return epoch;
    }

    /** The number of the last record of a stream that was taken, 0 for none. */
    public long taken(String device, String kind) {
        return read.getOrDefault(device + '.' + kind, 0L);
    }

    /** Records up to this one are not of interest, or were looked at. */
    public void skip(String device, String kind, long seq) {
        read.merge(device + '.' + kind, seq, Math::max);
    }

    /**
     * Takes the next record of a stream of results, values or events. What cannot be read is passed over.
     *
     * @param record JSON as it is kept
     * @param nowNs monotonic, when it was read
     * @return what was done by it, oldest first
     */
    public List<Act> take(String device, String kind, long seq, byte[] record, long nowNs) {
        skip(device, kind, seq);
        try {
            Source source = Source.of(Tree.read(record));
            return source == null ? List.of() : take(source, nowNs);
        } catch (IOException | IllegalArgumentException noRecord) {
            passedOver++;
            return List.of();
        }
    }

    private List<Act> take(Source record, long nowNs) {
        return switch (record.kind()) {
            case "res" -> analyses.take(record);
            case "evt" -> examinations.take(record);
            case "obs" -> values(record, nowNs);
            default -> List.of();
        };
    }

    private List<Act> values(Source record, long nowNs) {
        ActRules.Device device = rules.devices().get(record.profile());
        PeriodRules periods = device == null ? null : device.periods();
        if (periods == null) {
            return List.of();
        }
        return fresh(course(record.device()).take(record, periods, nowNs, coder));
    }

    private List<Act> fresh(List<Act> ended) {
        List<Act> fresh = new ArrayList<>();
        for (Act act : ended) {
            if (!memory.knows(act.id())) {
                fresh.add(act);
            }
            memory.add(act.id());
        }
        return fresh;
    }

    /** To be called every second or so, when all records were taken: the periods that ended in silence. */
    public List<Act> tick(long nowNs) {
        List<Act> ended = new ArrayList<>(ofOther);
        ofOther.clear();
        courses.values().forEach(course -> ended.addAll(course.tick(nowNs, coder)));
        return fresh(ended);
    }

    /** The wall clock was set by so much; told before the records that were read after it. */
    public void stepped(long ms) {
        courses.values().forEach(course -> course.stepped(ms));
    }

    /** An event that the buffer holds of the time after the state was written; other events than acts are passed over. */
    public void told(byte[] event) {
        try {
            Tree act = Tree.read(event);
            if (!act.text("e").equals(Act.EVENT)) {
                return;
            }
            boolean isPeriod = false;
            switch (act.text("type")) {
                case "analysis" -> analyses.told(act);
                case "examination" -> examinations.told(act);
                default -> isPeriod = true;
            }
            for (Tree range : act.trees("nums")) {
                long to = range.whole("to");
                if (isPeriod) {
                    course(act.text("dev")).told(to, read.getOrDefault(range.text("of"), 0L) < to);
                }
                read.merge(range.text("of"), isPeriod ? to - 1 : to, Math::max);
            }
            memory.add(act.text("act"));
        } catch (IOException | IllegalArgumentException noEvent) {
            passedOver++;
        }
    }

    /** Events and records that were not as we write them. */
    public long passedOver() {
        return passedOver;
    }

    private Course course(String device) {
        return courses.computeIfAbsent(device, id -> new Course(limits));
    }

    /** The buffer is another one: its numbers begin anew, and what is under way cannot go on in it; {@link #tick} tells it. */
    public void ofOtherBuffer(String other) {
        for (Course course : courses.values()) {
            course.end(coder).forEach(act -> ofOther.add(act.ofOtherBuffer()));
            course.ofOtherBuffer();
        }
        read.clear();
        epoch = other;
    }

    Memory memory() {
        return memory;
    }

    Examinations examinations() {
        return examinations;
    }

    Map<String, Course> courses() {
        return courses;
    }

    Map<String, Long> read() {
        return read;
    }

    Course.Limits limits() {
        return limits;
    }
}
