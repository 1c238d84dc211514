package org.wasla.gateway.enrol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.wasla.gateway.files.Durable;
import org.wasla.gateway.tls.TlsFiles;

/**
 * Where an identity stands. All of one is a folder of its own, and a link names the one that counts: a cut leaves the old
 * one or the new one, each whole. Only their owner may read them. One thread writes.
 *
 * <pre>
 * current              link to the folder that counts
 * 3/gateway.p12        key and certificates, PKCS12; gateway.p12.pass its password
 * 3/ca.pem             the region's CA
 * 3/region             first line the endpoint, then a broker a line
 * </pre>
 */
public final class IdentityFolder {
    private static final String CURRENT = "current";
    private static final String ALIAS = "gateway";
    private static final String KEY = "gateway.p12";
    private static final String CA = "ca.pem";
    private static final String REGION = "region";
    private static final int PASSWORD_BYTES = 16;
    private static final int LINE_CHARS = 64;

    private final Path dir;

    /** @param dir made when something is stored */
    public IdentityFolder(Path dir) {
        this.dir = dir;
    }

    public Path dir() {
        return dir;
    }

    /** The CA that counts, whether it is there yet or not. */
    public Path ca() {
        return dir.resolve(CURRENT).resolve(CA);
    }

    /** The key store that counts, whether it is there yet or not. */
    public Path key() {
        return dir.resolve(CURRENT).resolve(KEY);
    }

    /** Changes whenever another identity counts; empty when there is none. */
    public String mark() {
        try {
            return Files.readSymbolicLink(dir.resolve(CURRENT)).toString();
        } catch (IOException none) {
            return "";
        }
    }

    /** The brokers that the region named, which is known without opening a key. */
    public List<URI> servers() throws IOException {
        String mark = mark();
        List<URI> region = mark.isEmpty() ? List.of() : region(dir.resolve(mark));
        return region.isEmpty() ? region : region.subList(1, region.size());
    }

    private List<URI> region(Path home) throws IOException {
        List<URI> all = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(home.resolve(REGION))) {
                all.add(URI.create(line));
            }
        } catch (IllegalArgumentException damaged) {
            throw damaged(damaged);
        }
        if (all.isEmpty()) {
            throw damaged(new IOException(REGION + " is empty"));
        }
        return all;
    }

    private IOException damaged(Exception cause) {
        return new IOException(
                "the identity in " + dir + " is damaged (" + cause.getMessage() + "); enrol the box again", cause);
    }

    /** Empty when the box was never enrolled. */
    public Optional<Identity> load() throws IOException {
        String mark = mark();
        if (mark.isEmpty()) {
            return Optional.empty();
        }
        // All of one: the link may lead elsewhere before the last file is read.
        Path home = dir.resolve(mark);
        Path key = home.resolve(KEY);
        try {
            KeyStore store = TlsFiles.store(key);
            Certificate[] found = store.getCertificateChain(ALIAS);
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate each : found == null ? new Certificate[0] : found) {
                chain.add((X509Certificate) each);
            }
            if (chain.isEmpty() || !(store.getKey(ALIAS, TlsFiles.password(key)) instanceof PrivateKey secret)) {
                throw damaged(new IOException(KEY + " holds no key"));
            }
            List<URI> region = region(home);
            return Optional.of(new Identity(
                    secret,
                    chain,
                    TlsFiles.certificates(home.resolve(CA)).get(0),
                    region.get(0),
                    region.subList(1, region.size())));
        } catch (GeneralSecurityException wrong) {
            throw damaged(wrong);
        } catch (NoSuchFileException missing) {
            throw damaged(missing);
        }
    }

    /** Returns when it counts, and would survive the plug being pulled. */
    public void store(Identity identity) throws IOException {
        Files.createDirectories(dir.toAbsolutePath().getParent());
        try {
            Files.createDirectory(dir, rights("rwx------"));
        } catch (FileAlreadyExistsException there) {
            Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
        }
        String before = mark();
        String name = next();
        Path home = Files.createDirectory(dir.resolve(name), rights("rwx------"));
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        write(home.resolve(KEY + ".pass"), utf8(password + "\n"));
        write(home.resolve(KEY), pkcs12(identity, password.toCharArray()));
        write(home.resolve(CA), utf8(pem(identity.authority())));
        StringBuilder region = new StringBuilder(identity.endpoint() + "\n");
        identity.servers().forEach(each -> region.append(each).append('\n'));
        write(home.resolve(REGION), utf8(region.toString()));
        Durable.sync(home);
        Path link = dir.resolve(CURRENT + ".new");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(name));
        Files.move(link, dir.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Durable.sync(dir);
        clean(name, before);
    }

    /** Keys and their passwords, those of the identity before among them. */
    public List<Path> secrets() throws IOException {
        List<Path> secrets = new ArrayList<>();
        if (Files.isDirectory(dir)) {
            for (Path folder : folders()) {
                secrets.add(folder.resolve(KEY));
                secrets.add(folder.resolve(KEY + ".pass"));
            }
        }
        return secrets;
    }

    /** One more than the largest. */
    private String next() throws IOException {
        long largest = 0;
        for (Path each : folders()) {
            largest = Math.max(largest, Long.parseLong(each.getFileName().toString()));
        }
        return String.valueOf(largest + 1);
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(dir)) {
            return all.filter(each -> each.getFileName().toString().matches("\\d{1,15}"))
                    .toList();
        }
    }

    /** The one before stays, for whoever is reading it. */
    private void clean(String now, String before) throws IOException {
        for (Path folder : folders()) {
            String name = folder.getFileName().toString();
            if (!name.equals(now) && !name.equals(before)) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        }
    }

    private static byte[] pkcs12(Identity identity, char[] password) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    ALIAS, identity.secret(), password, identity.chain().toArray(new Certificate[0]));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, password);
            return out.toByteArray();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String pem(X509Certificate certificate) throws IOException {
        try {
            String base64 =
                    Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
            return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException broken) {
            throw new IOException("a certificate cannot be written: " + broken.getMessage(), broken);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static FileAttribute<Set<PosixFilePermission>> rights(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createFile(file, rights("rw-------"));
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Durable.writeAll(out, ByteBuffer.wrap(bytes));
            out.force(true);
        }
    }
}
