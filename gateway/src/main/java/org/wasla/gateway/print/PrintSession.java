package org.wasla.gateway.print;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetBuilder;
import org.wasla.gateway.dicom.Element;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.frame.Bytes;

/**
 * The print management of one association (PS3.4 annex H): commands in, answers out. Pixels are never here; the caller holds
 * what was sent to each box. What a caller may have held is bounded. One thread.
 */
public final class PrintSession {
    static final int FILMS_MAX = 64;
    /** Of all attributes together. */
    static final long HELD_BYTES_MAX = 1 << 20;

    private static final int PRINT = 1;

    private final Supplier<String> uids;
    private final Map<String, FilmBox> films = new LinkedHashMap<>();
    private final Map<String, DataSet> tables = new LinkedHashMap<>();
    private @Nullable String session;
    private PictureHead.Study study = new PictureHead.Study("", 0, DataSet.EMPTY);
    private int filmsMade;

    /** @param uids new instance UIDs, which nobody has had before */
    public PrintSession(Supplier<String> uids) {
        this.uids = uids;
    }

    /** The class of print management that a command is about; null when it is about something else. */
    public static @Nullable PrintClass about(CommandSet set) {
        return PrintClass.of(
                set.text(set.command() == CommandSet.N_CREATE ? CommandSet.SOP_CLASS : CommandSet.REQUESTED_CLASS));
    }

    /** An answer that says what is wrong. */
    public static Answer refused(CommandSet set, int status) {
        PrintClass what = about(set);
        String uid =
                set.text(set.command() == CommandSet.N_CREATE ? CommandSet.INSTANCE : CommandSet.REQUESTED_INSTANCE);
        return new Answer(status, what == null ? "" : what.uid(), uid, DataSet.EMPTY, List.of(), status);
    }

    /** Whether what was sent to an image box has a picture, or says that there is none. */
    public static boolean hasPicture(DataSet data) {
        return data.element(PrintTags.GRAYSCALE_IMAGE) != null;
    }

    /** The boxes that there are. */
    public Set<String> boxes() {
        Set<String> boxes = new HashSet<>();
        films.values().forEach(film -> film.images().forEach(box -> boxes.add(box.uid())));
        return boxes;
    }

    /**
     * Takes a command.
     *
     * @param data that came with it; a pixel value stands elsewhere
     * @param nowMs UTC
     * @param isFull whether there is no room for more pictures
     */
    public Answer on(CommandSet set, DataSet data, long nowMs, boolean isFull) {
        PrintClass what = about(set);
        if (what == null) {
            return refused(set, PrintStatus.CLASS_NOT_SUPPORTED);
        }
        String uid =
                set.text(set.command() == CommandSet.N_CREATE ? CommandSet.INSTANCE : CommandSet.REQUESTED_INSTANCE);
        return switch (set.command()) {
            case CommandSet.N_CREATE -> create(what, uid, data, nowMs);
            case CommandSet.N_GET -> get(what, uid, set.tags(), isFull);
            case CommandSet.N_SET -> Answer.of(set(what, uid, data), what, uid, DataSet.EMPTY);
            case CommandSet.N_ACTION -> action(what, uid, set.number(CommandSet.ACTION_TYPE, 0));
            case CommandSet.N_DELETE -> Answer.of(delete(what, uid), what, uid, DataSet.EMPTY);
            default -> Answer.of(PrintStatus.UNRECOGNISED_OPERATION, what, uid, DataSet.EMPTY);
        };
    }

    private Answer create(PrintClass what, String told, DataSet data, long nowMs) {
        String uid = told.isEmpty() ? uids.get() : told;
        int status = mayCreate(uid, data);
        if (status == PrintStatus.SUCCESS) {
            status = switch (what) {
                case FILM_SESSION -> createSession(uid, data, nowMs);
                case FILM_BOX -> createFilm(uid, data);
                case LOOKUP_TABLE -> {
                    tables.put(uid, Kept.of(data));
                    yield PrintStatus.SUCCESS;
                }
                default -> PrintStatus.UNRECOGNISED_OPERATION;
            };
        }
        FilmBox film = status == PrintStatus.SUCCESS ? films.get(uid) : null;
        return Answer.of(status, what, uid, film == null ? DataSet.EMPTY : film.references());
    }

    private int mayCreate(String uid, DataSet data) {
        if (!Uids.isUsable(uid)) {
            return PrintStatus.INVALID_INSTANCE;
        }
        if (uid.equals(session) || films.containsKey(uid) || tables.containsKey(uid) || boxes().contains(uid)) {
            return PrintStatus.DUPLICATE;
        }
        return heldBytes() + Kept.bytes(data) > HELD_BYTES_MAX ? PrintStatus.LIMIT : PrintStatus.SUCCESS;
    }

    private int createSession(String uid, DataSet data, long nowMs) {
        if (session != null) {
            return PrintStatus.DUPLICATE;
        }
        session = uid;
        study = new PictureHead.Study(uids.get(), nowMs, Kept.of(data));
        filmsMade = 0;
        return PrintStatus.SUCCESS;
    }

    private int createFilm(String uid, DataSet data) {
        String format = format(data);
        String of = data.item(PrintTags.SESSION).text(PrintTags.REFERENCED_INSTANCE);
        if (format.isEmpty()) {
            return PrintStatus.MISSING_ATTRIBUTE;
        }
        int boxes = Layout.boxes(format);
        if (session == null || of != null && !of.equals(session) || boxes == 0) {
            return PrintStatus.INVALID_VALUE;
        }
        if (films.size() >= FILMS_MAX) {
            return PrintStatus.LIMIT;
        }
        filmsMade++;
        films.put(uid, new FilmBox(filmsMade, boxes, data, uids));
        return PrintStatus.SUCCESS;
    }

    /** It is one text, with what is a separator elsewhere inside. */
    private static String format(DataSet data) {
        Element element = data.element(PrintTags.DISPLAY_FORMAT);
        return element != null && element.value() instanceof Element.Value.Text text
                ? text.text().strip()
                : "";
    }

    private static Answer get(PrintClass what, String uid, List<Integer> asked, boolean isFull) {
        if (what != PrintClass.PRINTER) {
            return Answer.of(PrintStatus.UNRECOGNISED_OPERATION, what, uid, DataSet.EMPTY);
        }
        if (!uid.equals(PrintClass.PRINTER_INSTANCE)) {
            return Answer.of(PrintStatus.NO_SUCH_INSTANCE, what, uid, DataSet.EMPTY);
        }
        DataSetBuilder told = new DataSetBuilder();
        DataSet all = new DataSetBuilder()
                .text(0x0008_0070, "Wasla")
                .text(0x0008_1090, "Wasla")
                .text(PrintTags.PRINTER_STATUS, isFull ? "FAILURE" : "NORMAL")
                .text(PrintTags.PRINTER_INFO, isFull ? "SUPPLY EMPTY" : "NORMAL")
                .text(PrintTags.PRINTER_NAME, "WASLA")
                .build();
        for (Element each : all.elements()) {
            if (asked.isEmpty() || asked.contains(each.tag())) {
                told.put(each);
            }
        }
        return Answer.of(PrintStatus.SUCCESS, what, uid, told.build());
    }

    private int set(PrintClass what, String uid, DataSet data) {
        if (heldBytes() + Kept.bytes(Kept.of(data)) + Kept.bytes(Kept.of(data.item(PrintTags.GRAYSCALE_IMAGE)))
                > HELD_BYTES_MAX) {
            return PrintStatus.LIMIT;
        }
        return switch (what) {
            case FILM_SESSION -> setSession(uid, data);
            case FILM_BOX -> setFilm(uid, data);
            case IMAGE_BOX -> setImage(uid, data);
            case ANNOTATION_BOX -> annotate(uid, data);
            default -> PrintStatus.UNRECOGNISED_OPERATION;
        };
    }

    private int setSession(String uid, DataSet data) {
        if (!uid.equals(session)) {
            return PrintStatus.NO_SUCH_INSTANCE;
        }
        study = new PictureHead.Study(study.uid(), study.begunMs(), Kept.joined(study.attributes(), Kept.of(data)));
        return PrintStatus.SUCCESS;
    }

    private int setFilm(String uid, DataSet data) {
        FilmBox film = films.get(uid);
        if (film == null) {
            return PrintStatus.NO_SUCH_INSTANCE;
        }
        film.set(data);
        return PrintStatus.SUCCESS;
    }

    private int setImage(String uid, DataSet data) {
        for (FilmBox film : films.values()) {
            for (ImageBox box : film.images()) {
                if (box.uid().equals(uid)) {
                    List<DataSet> sent = data.items(PrintTags.GRAYSCALE_IMAGE);
                    int status = sent.isEmpty() ? PrintStatus.SUCCESS : Image.judge(sent.get(0));
                    if (status == PrintStatus.SUCCESS) {
                        box.set(data);
                    }
                    return status;
                }
            }
        }
        return PrintStatus.NO_SUCH_INSTANCE;
    }

    private int annotate(String uid, DataSet data) {
        for (FilmBox film : films.values()) {
            if (film.hasAnnotation(uid)) {
                film.annotate(uid, data);
                return PrintStatus.SUCCESS;
            }
        }
        return PrintStatus.NO_SUCH_INSTANCE;
    }

    private Answer action(PrintClass what, String uid, int type) {
        if (what != PrintClass.FILM_SESSION && what != PrintClass.FILM_BOX) {
            return Answer.of(PrintStatus.UNRECOGNISED_OPERATION, what, uid, DataSet.EMPTY);
        }
        if (type != PRINT) {
            return Answer.of(PrintStatus.NO_SUCH_ACTION, what, uid, DataSet.EMPTY);
        }
        boolean isSession = what == PrintClass.FILM_SESSION;
        FilmBox film = films.get(uid);
        if (isSession ? !uid.equals(session) : film == null) {
            return Answer.of(PrintStatus.NO_SUCH_INSTANCE, what, uid, DataSet.EMPTY);
        }
        if (isSession && films.isEmpty()) {
            return Answer.of(PrintStatus.SESSION_HAS_NO_FILM, what, uid, DataSet.EMPTY);
        }
        List<FilmBox> printed = isSession || film == null ? List.copyOf(films.values()) : List.of(film);
        if (printed.stream().allMatch(each -> each.images().stream().allMatch(box -> box.image() == null))) {
            int empty = isSession ? PrintStatus.SESSION_IS_EMPTY : PrintStatus.FILM_IS_EMPTY;
            return Answer.of(empty, what, uid, DataSet.EMPTY);
        }
        int otherwise = isSession ? PrintStatus.SESSION_NOT_PRINTED : PrintStatus.FILM_NOT_PRINTED;
        return new Answer(PrintStatus.SUCCESS, what.uid(), uid, DataSet.EMPTY, pictures(printed), otherwise);
    }

    private List<Picture> pictures(List<FilmBox> printed) {
        List<Picture> pictures = new ArrayList<>();
        for (FilmBox film : printed) {
            for (ImageBox box : film.images()) {
                Image image = box.image();
                if (image != null && box.isDue()) {
                    pictures.add(new Picture(box.uid(), uids.get(), image.at(), image.length()));
                }
            }
        }
        return pictures;
    }

    /** What stands before the pixels of a picture that is due. */
    public Bytes head(Picture picture) {
        for (FilmBox film : films.values()) {
            for (ImageBox box : film.images()) {
                if (box.uid().equals(picture.box())) {
                    return PictureHead.write(picture.uid(), study, film, box, table(film, box));
                }
            }
        }
        throw new IllegalStateException("no such box");
    }

    /** What the box refers to, else the film, else the session. */
    private DataSet table(FilmBox film, ImageBox box) {
        for (DataSet each : List.of(box.attributes(), film.attributes(), study.attributes())) {
            String uid = each.item(PrintTags.LOOKUP_TABLE).text(PrintTags.REFERENCED_INSTANCE);
            DataSet table = uid == null ? null : tables.get(uid);
            if (table != null) {
                return table;
            }
        }
        return DataSet.EMPTY;
    }

    /** A picture is durable: printed again as it is, it is not stored again. */
    public void stored(Picture picture) {
        for (FilmBox film : films.values()) {
            for (ImageBox box : film.images()) {
                if (box.uid().equals(picture.box())) {
                    box.stored(true);
                }
            }
        }
    }

    private int delete(PrintClass what, String uid) {
        boolean isGone = switch (what) {
            case FILM_SESSION -> uid.equals(session);
            case FILM_BOX -> films.remove(uid) != null;
            case LOOKUP_TABLE -> tables.remove(uid) != null;
            default -> false;
        };
        if (isGone && what == PrintClass.FILM_SESSION) {
            session = null;
            films.clear();
        }
        boolean isPossible =
                what == PrintClass.FILM_SESSION || what == PrintClass.FILM_BOX || what == PrintClass.LOOKUP_TABLE;
        return !isPossible
                ? PrintStatus.UNRECOGNISED_OPERATION
                : isGone ? PrintStatus.SUCCESS : PrintStatus.NO_SUCH_INSTANCE;
    }

    private long heldBytes() {
        return Kept.bytes(study.attributes())
                + films.values().stream().mapToLong(FilmBox::bytes).sum()
                + tables.values().stream().mapToLong(Kept::bytes).sum();
    }
}
