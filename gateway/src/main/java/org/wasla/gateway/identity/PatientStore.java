package org.wasla.gateway.identity;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.patient.Association;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.Person;
import org.wasla.gateway.vault.Safe;

/**
 * The folder of patients, for the agent's user only, one process at a time. Thread-safe.
 *
 * <pre>
 * site.key          the key of pseudonyms and of patients.log
 * associations.log  versions of associations, pseudonyms only; "told N": so many of them are in the outbox
 * patients.log      pseudonym and, encrypted, the numbers, name and stays behind it; the newest line of one counts
 * orders.log        encrypted, what the platform has ordered
 * registry.log      what a registry was asked and has said, pseudonyms and its references only
 * </pre>
 *
 * Who is erased is gone from {@code patients.log}; the associations stay, and nobody can say whose they were.
 */
public final class PatientStore implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(PatientStore.class);
    private static final String TOLD = "told";
    private static final String GONE = "gone";
    private static final String LOCKED = "wslk:";
    /** A file of patients is written anew when it has grown to this and is mostly out of date. */
    private static final long WORN_BYTES = 2L << 20;

    private final Path dir;
    private final Safe safe;
    private final FileLock lock;
    private final LineLog associationLog;
    private final LineLog patientLog;
    private final OrderStore orders;
    private final InquiryStore inquiries;
    private final List<Association> versions = new ArrayList<>();
    private final Map<String, Person> persons = new LinkedHashMap<>();
    private SiteKey key;
    private long toldCount;
    private long keptCount;
    private long wornBytes = WORN_BYTES;

    private PatientStore(
            Path dir,
            Safe safe,
            FileLock lock,
            SiteKey key,
            LineLog associationLog,
            LineLog patientLog,
            OrderStore orders,
            InquiryStore inquiries) {
        this.dir = dir;
        this.safe = safe;
        this.lock = lock;
        this.key = key;
        this.associationLog = associationLog;
        this.patientLog = patientLog;
        this.orders = orders;
        this.inquiries = inquiries;
    }

    /**
     * Opens the folder, made when absent.
     *
     * @throws IOException when it cannot be used, or another process uses it
     */
    public static PatientStore open(Path dir) throws IOException {
        return open(dir, Safe.NONE);
    }

    /**
     * The same on a box that is encrypted.
     *
     * @param safe locks up the site's key, the associations and what a registry said
     * @throws org.wasla.gateway.vault.WrongKeyException when the folder was locked with another key
     */
    public static PatientStore open(Path dir, Safe safe) throws IOException {
        if (!Files.isDirectory(dir)) {
            Files.createDirectories(
                    dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        FileLock lock = lock(dir);
        List<String> associations = new ArrayList<>();
        List<String> patients = new ArrayList<>();
        SiteKey key = key(dir, safe);
        PatientStore store = new PatientStore(
                dir,
                safe,
                lock,
                key,
                LineLog.open(dir.resolve("associations.log"), safe, associations),
                LineLog.open(dir.resolve("patients.log"), Safe.NONE, patients),
                OrderStore.open(dir.resolve("orders.log"), key),
                InquiryStore.open(dir.resolve("registry.log"), safe));
        store.load(associations, patients);
        return store;
    }

    private static FileLock lock(Path dir) throws IOException {
        FileChannel channel =
                FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException ours) {
            LOG.debug("folder is held by this process");
        }
        channel.close();
        throw new IOException("the folder of patients " + dir + " is in use by a running wasla; stop it first");
    }

    /** A key file that is none is set aside: what it named keeps its pseudonyms, and nobody can say whose they were. */
    private static SiteKey key(Path dir, Safe safe) throws IOException {
        Path file = dir.resolve("site.key");
        if (Files.exists(file)) {
            Optional<SiteKey> known = SiteKey.read(file, safe);
            if (known.isPresent()) {
                if (safe.isLocking()
                        && !Files.readString(file, StandardCharsets.ISO_8859_1).startsWith(LOCKED)) {
                    write(dir, safe, known.get());
                }
                return known.get();
            }
            Path aside = Files.createTempFile(dir, "site.key.damaged-", "");
            Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            LOG.error("site key damaged, set aside file={}; patients get new pseudonyms", aside.getFileName());
        }
        SiteKey fresh = SiteKey.fresh(1);
        write(dir, safe, fresh);
        return fresh;
    }

    private static void write(Path dir, Safe safe, SiteKey key) throws IOException {
        Durable.writeOwned(dir.resolve("site.key"), key.text(safe).getBytes(StandardCharsets.US_ASCII));
    }

    private void load(List<String> associations, List<String> patients) {
        long unread = associationLog.damaged() + patientLog.damaged();
        for (String line : associations) {
            List<String> fields = LineLog.fields(line);
            if (fields.size() == 2 && fields.get(0).equals(TOLD)) {
                toldCount = keptCount;
                continue;
            }
            Optional<Association> version = PatientText.association(fields);
            unread += version.isPresent() ? 0 : 1;
            version.ifPresent(versions::add);
            keptCount += version.isPresent() ? 1 : 0;
        }
        for (String line : patients) {
            List<String> fields = LineLog.fields(line);
            String ref = fields.get(0);
            if (fields.size() == 2 && fields.get(1).equals(GONE)) {
                persons.remove(ref);
                continue;
            }
            Optional<Person> person = fields.size() == 2
                    ? key.unlock(fields.get(1), ref).flatMap(text -> PatientText.person(ref, text))
                    : Optional.empty();
            unread += person.isPresent() ? 0 : 1;
            person.ifPresent(each -> persons.put(ref, each));
        }
        if (unread > 0) {
            LOG.warn("lines of the folder of patients cannot be read and are passed over count={}", unread);
        }
    }

    public synchronized SiteKey key() {
        return key;
    }

    /** What the platform has ordered; closed with this. */
    public OrderStore orders() {
        return orders;
    }

    /** What a registry was asked and has said; closed with this. */
    public InquiryStore inquiries() {
        return inquiries;
    }

    /** All versions that were there when the folder was opened, in the order in which they were added. Gives them once. */
    public synchronized List<Association> takeVersions() {
        List<Association> taken = List.copyOf(versions);
        versions.clear();
        return taken;
    }

    public synchronized Collection<Person> persons() {
        return List.copyOf(persons.values());
    }

    /** How many of the versions are in the outbox, the oldest. */
    public synchronized int told() {
        return Math.toIntExact(toldCount);
    }

    /**
     * Returns once all would survive the plug being pulled. When it throws some may, and the same has to be kept again.
     *
     * @param gone pseudonyms behind which nothing stands by itself any more
     */
    public synchronized void keep(List<Association> added, Collection<Person> changed, Collection<String> gone)
            throws IOException {
        List<String> lines = new ArrayList<>();
        gone.forEach(ref -> lines.add(ref + "\t" + GONE));
        changed.forEach(person -> lines.add(line(person)));
        if (!lines.isEmpty()) {
            patientLog.append(lines);
            gone.forEach(persons::remove);
            changed.forEach(person -> persons.put(person.ref(), person));
        }
        if (!added.isEmpty()) {
            associationLog.append(added.stream().map(PatientText::of).toList());
            keptCount += added.size();
        }
        if (patientLog.bytes() > wornBytes) {
            rewrite();
        }
    }

    private void rewrite() throws IOException {
        patientLog.replace(persons.values().stream().map(this::line).toList());
        wornBytes = Math.max(WORN_BYTES, 4 * patientLog.bytes());
    }

    private String line(Person person) {
        return person.ref() + "\t" + key.lock(PatientText.of(person), person.ref());
    }

    /** The outbox has all versions. A mark that a crash takes back only has some told twice. */
    public synchronized void markTold() throws IOException {
        if (toldCount < keptCount) {
            associationLog.write(List.of(TOLD + "\t" + keptCount));
            toldCount = keptCount;
        }
    }

    /**
     * Forgets who is behind a pseudonym, and behind all others of the same patient, and what is ordered for them. Returns
     * once it is gone from the files.
     *
     * @return whether anybody was known
     */
    public synchronized boolean erase(String ref) throws IOException {
        List<Person> meant = persons.values().stream()
                .filter(person -> person.ref().equals(ref) || person.absorbed().contains(ref))
                .toList();
        boolean hadOrders = orders.erase(id -> key.patient(id).equals(ref)
                || meant.stream().anyMatch(person -> person.ids().stream().anyMatch(each -> isSame(each, id))));
        meant.forEach(person -> persons.remove(person.ref()));
        List<String> refs = new ArrayList<>(List.of(ref));
        meant.forEach(person -> refs.addAll(person.absorbed()));
        meant.forEach(person -> refs.add(person.ref()));
        inquiries.erase(refs);
        // Lines of the past are in the file still, also where nobody is known any more.
        rewrite();
        return hadOrders || !meant.isEmpty();
    }

    /** Forgets who is behind these pseudonyms. Returns once it is gone from the files; orders stay until they are over. */
    public synchronized void forget(Collection<String> refs) throws IOException {
        List<String> all = new ArrayList<>(refs);
        for (String ref : refs) {
            Person person = persons.remove(ref);
            if (person != null) {
                all.addAll(person.absorbed());
            }
        }
        inquiries.erase(all);
        rewrite();
    }

    private static boolean isSame(PatientId known, PatientId ordered) {
        return known.value().equals(ordered.value())
                && (ordered.authority().isEmpty() || known.authority().equals(ordered.authority()));
    }

    /** The pseudonym under which a number of a patient is known, also by an earlier key or before a merge. */
    public synchronized Optional<String> find(String value) {
        return persons.values().stream()
                .filter(person ->
                        person.ids().stream().anyMatch(id -> id.value().equals(value)))
                .map(Person::ref)
                .findFirst();
    }

    /**
     * A new key. Pseudonyms that were given stay where they are; from now on patients have new ones, and who is known is
     * known under the new one. The old key is gone.
     */
    public synchronized void rotate() throws IOException {
        SiteKey next = SiteKey.fresh(key.version() + 1);
        Map<String, Person> renamed = new LinkedHashMap<>();
        for (Person person : persons.values()) {
            PatientId id = person.ids().get(0);
            List<String> former = new ArrayList<>(person.absorbed());
            former.add(person.ref());
            Person under = new Person(next.patient(id), person.ids(), person.about(), person.moves(), former);
            renamed.put(under.ref(), under);
        }
        List<String> both = new ArrayList<>();
        persons.values().forEach(person -> both.add(line(person)));
        renamed.values()
                .forEach(person -> both.add(person.ref() + "\t" + next.lock(PatientText.of(person), person.ref())));
        // Whichever key is there after a power cut, its lines are there too; the others are passed over.
        patientLog.replace(both);
        orders.writeFor(key, next);
        write(dir, safe, next);
        key = next;
        orders.writeFor(next);
        persons.clear();
        persons.putAll(renamed);
        rewrite();
    }

    @Override
    public synchronized void close() throws IOException {
        associationLog.close();
        patientLog.close();
        orders.close();
        inquiries.close();
        lock.acquiredBy().close();
    }
}
