package org.wasla.gateway.imaging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetDraft;
import org.wasla.gateway.dicom.TextCharset;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;

/**
 * Asks the hospital's own worklist for all that is scheduled and keeps it, so that scanners are answered while it is away
 * (PS3.4 annex K as user). What it lists no more is dropped, but only after an answer that was whole. One thread, {@code
 * worklist}.
 */
final class WorklistSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorklistSource.class);
    private static final String PREFIX = "mwl-";
    private static final int ITEMS_MAX = 5_000;
    /** So long it is kept while the hospital's worklist is away. */
    private static final long KEEP_MS = TimeUnit.HOURS.toMillis(48);

    private static final long STOP_MS = 5_000;
    private static final int PENDING = 0xff00;
    private static final int PENDING_PARTLY = 0xff01;
    private static final int[] KEYS = {
        Worklist.ACCESSION,
        Worklist.PHYSICIAN,
        Worklist.NAME,
        Worklist.PATIENT,
        Worklist.ISSUER,
        Worklist.BIRTH,
        Worklist.SEX,
        Worklist.STUDY,
        Worklist.PROCEDURE_TEXT,
        Worklist.PROCEDURE,
        Worklist.PRIORITY
    };
    private static final int[] STEP_KEYS = {
        Worklist.MODALITY, Worklist.STATION, Worklist.START_DAY, Worklist.START_TIME, Worklist.STEP_TEXT, Worklist.STEP
    };

    private final StepSettings.Upstream from;
    private final String title;
    private final String charset;
    private final Surroundings.Keeper keeper;
    private final Timing timing;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "worklist");
    private int failures;

    WorklistSource(ImagingSettings settings, StepSettings.Upstream from, Surroundings.Keeper keeper, Timing timing) {
        this.from = from;
        this.title = settings.title();
        this.charset = settings.steps().charsets().getOrDefault(from.title(), "");
        this.keeper = keeper;
        this.timing = timing;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            do {
                step();
            } while (!stopping.await(from.everyMs(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() {
        try {
            List<Order> orders = new ArrayList<>();
            long untilMs = System.currentTimeMillis() + KEEP_MS;
            for (DataSet item : ask()) {
                order(item, untilMs).ifPresent(orders::add);
            }
            keeper.keep(changes(keeper.all(), orders, System.currentTimeMillis()));
            if (failures > 0) {
                LOG.info("worklist of ae={} is back", from.title());
            }
            failures = 0;
        } catch (IOException away) {
            failures++;
            if (Integer.bitCount(failures) == 1) {
                LOG.warn(
                        "worklist of ae={} not heard times={} error=\"{}\"", from.title(), failures, away.getMessage());
            }
        }
    }

    private List<DataSet> ask() throws IOException {
        Sender.Peer peer = new Sender.Peer(from.address().host(), from.address().port(), from.title(), title);
        List<DataSet> items = new ArrayList<>();
        try (Requester requester = Requester.open(peer, Worklist.SOP_CLASS, false, charset, timing)) {
            CommandSet find = CommandSet.of(CommandSet.C_FIND)
                    .with(CommandSet.MESSAGE_ID, 1)
                    .with(CommandSet.SOP_CLASS, Worklist.SOP_CLASS)
                    .with(CommandSet.PRIORITY, 0)
                    .withDataSet();
            requester.send(find, keys(requester.transferSyntax()));
            int status = PENDING;
            while (status == PENDING || status == PENDING_PARTLY) {
                Requester.Message message = requester.receive();
                status = message.set().number(CommandSet.STATUS, -1);
                if (message.set().hasDataSet()) {
                    items.add(message.data());
                }
                if (items.size() > ITEMS_MAX) {
                    throw new IOException("it lists more than " + ITEMS_MAX + " steps");
                }
            }
            if (status != CommandSet.SUCCESS) {
                throw new IOException("it answered with status " + Integer.toHexString(status));
            }
        }
        return items;
    }

    private static Bytes keys(String transferSyntax) {
        DataSetDraft draft = new DataSetDraft(transferSyntax, TextCharset.of("", List.of()));
        DataSetDraft step = draft.item();
        for (int tag : KEYS) {
            draft.text(tag, "");
        }
        for (int tag : STEP_KEYS) {
            step.text(tag, "");
        }
        return draft.sequence(Worklist.STEPS, List.of(step)).toBytes();
    }

    /** Empty when it says of nobody or of no step. */
    static Optional<Order> order(DataSet item, long untilMs) {
        DataSet step = item.item(Worklist.STEPS);
        String number = text(item, Worklist.PATIENT);
        String id = text(step, Worklist.STEP);
        String procedure = text(item, Worklist.PROCEDURE);
        String accession = text(item, Worklist.ACCESSION);
        if (number.isEmpty() || (id + procedure + accession).isEmpty()) {
            return Optional.empty();
        }
        String[] name = text(item, Worklist.NAME).split("=", 2)[0].split("\\^", 2);
        Order.Patient patient = new Order.Patient(
                number,
                text(item, Worklist.ISSUER),
                name[0].strip(),
                name.length > 1 ? name[1].replaceAll("[\\^ ]+$", "") : "",
                day(text(item, Worklist.BIRTH)),
                text(item, Worklist.SEX));
        Order.Step scheduled = new Order.Step(
                accession,
                procedure,
                text(item, Worklist.PROCEDURE_TEXT),
                id,
                text(step, Worklist.MODALITY),
                text(step, Worklist.STATION),
                start(text(step, Worklist.START_DAY), text(step, Worklist.START_TIME)),
                text(step, Worklist.STEP_TEXT),
                text(item, Worklist.STUDY),
                text(item, Worklist.PHYSICIAN));
        String own = PREFIX + hash(String.join("\0", number, accession, procedure, id, scheduled.study()));
        return Optional.of(new Order(own, "", List.of(), priority(item), List.of(), patient, scheduled, untilMs));
    }

    private static String priority(DataSet item) {
        return switch (text(item, Worklist.PRIORITY)) {
            case "STAT" -> "S";
            case "HIGH" -> "A";
            default -> "R";
        };
    }

    private static String text(DataSet data, int tag) {
        String text = data.text(tag);
        return text == null ? "" : text;
    }

    private static String day(String sent) {
        return sent.matches("\\d{8}")
                ? sent.substring(0, 4) + "-" + sent.substring(4, 6) + "-" + sent.substring(6)
                : "";
    }

    private static String start(String day, String time) {
        String date = day(day);
        String clock = time.replace(":", "");
        if (date.isEmpty() || !clock.matches("\\d{4,6}.*")) {
            return date;
        }
        String start = date + "T" + clock.substring(0, 2) + ":" + clock.substring(2, 4);
        return clock.matches("\\d{6}.*") ? start + ":" + clock.substring(4, 6) : start;
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** What makes one list of the other; what says the same is put anew only when half its time has passed. */
    static List<Change> changes(Iterable<Order> known, List<Order> listed, long nowMs) {
        Map<String, Order> before = new HashMap<>();
        for (Order each : known) {
            if (each.id().startsWith(PREFIX)) {
                before.put(each.id(), each);
            }
        }
        List<Change> changes = new ArrayList<>();
        for (Order each : listed) {
            @Nullable Order old = before.remove(each.id());
            boolean isFresh =
                    old != null && old.until(each.untilMs()).equals(each) && old.untilMs() - nowMs > KEEP_MS / 2;
            if (!isFresh) {
                changes.add(new Change.Put(each));
            }
        }
        before.keySet().forEach(gone -> changes.add(new Change.Cancel(gone)));
        return changes;
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
