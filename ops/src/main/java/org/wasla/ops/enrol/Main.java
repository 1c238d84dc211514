package org.wasla.ops.enrol;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.wasla.gateway.tls.ClockedTrust;
import org.wasla.gateway.trust.EnrolToken;
import org.wasla.gateway.trust.SixWords;

/** {@code ops/region/enrol}: what it does, without the shell around it. */
public final class Main {
    private static final String WARNING =
            "ops/region/enrol is a reference for tests and pilots. It is NOT for production:"
                    + " its CA's key lies in a file.";
    private static final long TOKEN_S = 86_400;

    private final Path dir;
    private final Path rights;
    private final PrintStream out;
    private final PrintStream err;

    /** Wrong usage: what to write instead. */
    private static final class Usage extends Exception {
        private static final long serialVersionUID = 1L;

        Usage(String what) {
            super(what);
        }
    }

    private Main(Path dir, Path rights, PrintStream out, PrintStream err) {
        this.dir = dir;
        this.rights = rights;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    /** Does one action; its exit code. */
    static int run(PrintStream out, PrintStream err, String... args) {
        List<String> words = new ArrayList<>(List.of(args));
        try {
            Path dir = Path.of(option(words, "--dir", "enrol")).toAbsolutePath();
            Path rights = Path.of(System.getProperty("wasla.rights", "ops/region/rights"));
            new Main(dir, rights, out, err).run(words);
            return 0;
        } catch (Usage wrong) {
            err.println("enrol: " + wrong.getMessage());
            return 2;
        } catch (IOException | GeneralSecurityException failed) {
            err.println("enrol: " + failed.getMessage());
            return 1;
        }
    }

    /** Takes an option and its value out of the words. */
    private static String option(List<String> words, String name, String otherwise) throws Usage {
        int at = words.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        if (at + 1 == words.size()) {
            throw new Usage(name + " has no value");
        }
        words.remove(at);
        return words.remove(at);
    }

    private static boolean flag(List<String> words, String name) {
        return words.remove(name);
    }

    private void run(List<String> words) throws Usage, IOException, GeneralSecurityException {
        String action = words.isEmpty() ? "" : words.remove(0);
        switch (action) {
            case "init" -> init(words);
            case "servers" -> servers(words);
            case "token" -> token(words);
            case "serve" -> serve(words);
            case "confirm" -> confirm(words);
            case "revoke" -> revoke(words);
            case "lists" -> makeLists(words);
            case "list" -> list(words);
            default ->
                throw new Usage(
                        "write init, token, serve, list, confirm, revoke, lists or servers, not '" + action + "'");
        }
    }

    private static void end(List<String> words) throws Usage {
        if (!words.isEmpty()) {
            throw new Usage("'" + words.get(0) + "' is too much");
        }
    }

    private static String one(List<String> words, String what) throws Usage {
        if (words.isEmpty()) {
            throw new Usage("name " + what);
        }
        return words.remove(0);
    }

    private Lists lists() throws IOException {
        return new Lists(dir, Settings.read(dir), rights);
    }

    private void init(List<String> words) throws Usage, IOException, GeneralSecurityException {
        err.println(WARNING);
        String region = option(words, "--region", "");
        URI endpoint = URI.create(option(words, "--endpoint", "https://localhost:8443"));
        List<URI> servers = new ArrayList<>();
        for (String each : option(words, "--broker", "mqtts://localhost:8883").split(",")) {
            servers.add(URI.create(each));
        }
        long lifeS = seconds(option(words, "--life", "60d"));
        long retryS = seconds(option(words, "--retry", "5m"));
        String reload = option(words, "--reload", "");
        end(words);
        if (!region.matches("[a-z0-9-]{1,64}")) {
            throw new Usage("--region is '" + region + "'; write small letters, digits and dashes, such as ma-06");
        }
        if (!EnrolToken.isEndpoint(endpoint)) {
            throw new Usage("--endpoint is " + endpoint + "; write https://HOST:PORT");
        }
        for (URI each : servers) {
            if (!"mqtts".equals(each.getScheme()) || each.getHost() == null) {
                throw new Usage("--broker is " + each + "; write mqtts://HOST:PORT, with commas between several");
            }
        }
        Settings settings = new Settings(region, endpoint, servers, lifeS, retryS, reload);
        Authority authority = new Authority(dir);
        authority.init(settings);
        settings.write(dir);
        Lists.init(dir);
        // There is no broker to be told yet.
        Settings quiet = new Settings(region, endpoint, servers, lifeS, retryS, "");
        Ledger.change(dir, ledger -> {
            new Lists(dir, quiet, rights).make(ledger);
            return "";
        });
        out.println("CA        " + dir.resolve("ca.pem") + ", SHA-256 " + ClockedTrust.sha256(authority.own()));
        out.println("broker    cafile ca.pem, certfile broker.pem, keyfile broker.key, crlfile ca.crl,");
        out.println("          acl_file lists/mosquitto.acl, all in " + dir);
    }

    private static long seconds(String text) throws Usage {
        if (!text.matches("\\d{1,6}[smhd]")) {
            throw new Usage("'" + text + "' is no time; write a number with s, m, h or d, such as 60d");
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> number;
            case 'm' -> number * 60;
            case 'h' -> number * 3_600;
            default -> number * 86_400;
        };
    }

    private void servers(List<String> words) throws Usage, IOException {
        end(words);
        Settings settings = Settings.read(dir);
        Ledger.change(dir, ledger -> {
            new Authority(dir).servers(settings);
            return "";
        });
        out.println("new keys and certificates of endpoint, broker and operator; start both again");
    }

    private void token(List<String> words) throws Usage, IOException, GeneralSecurityException {
        String site = option(words, "--site", "");
        long lifeS = seconds(option(words, "--life", "24h"));
        boolean holds = flag(words, "--hold");
        String gateway = one(words, "the gateway, such as gw-7f3a9c21");
        end(words);
        if (lifeS > TOKEN_S) {
            throw new Usage("--life is more than 24h; make another token when it is needed");
        }
        if (!site.matches("[a-z0-9-]{1,64}") || !gateway.matches("[a-z0-9-]{1,64}")) {
            throw new Usage(
                    "gateway and --site are small letters, digits and dashes, such as gw-7f3a9c21 chu-ibnrochd");
        }
        Settings settings = Settings.read(dir);
        String secret = EnrolToken.freshSecret();
        long expiresS = System.currentTimeMillis() / 1_000 + lifeS;
        Ledger.change(dir, ledger -> {
            ledger.add(new Ledger.Token(gateway, site, Endpoint.hash(secret), expiresS, false, holds));
            return "";
        });
        String pin = ClockedTrust.sha256(new Authority(dir).own());
        out.println(new EnrolToken(gateway, site, settings.endpoint(), secret, pin, expiresS).text());
        err.println("good for one use until " + Instant.ofEpochSecond(expiresS) + "; for the installer alone");
    }

    private void serve(List<String> words) throws Usage, IOException {
        String port = option(words, "--port", "");
        end(words);
        Settings settings = Settings.read(dir);
        if (!port.matches("\\d{0,5}")) {
            throw new Usage("--port is '" + port + "'; write 1 to 65535");
        }
        int own = settings.endpoint().getPort() < 0 ? 443 : settings.endpoint().getPort();
        err.println(WARNING);
        try (Endpoint endpoint = new Endpoint(
                dir, settings, new Lists(dir, settings, rights), port.isEmpty() ? own : Integer.parseInt(port))) {
            endpoint.start();
            out.println("serving " + settings.region() + " on port " + endpoint.port());
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(TimeUnit.HOURS.toNanos(12));
                // A broker refuses everybody once the list of revocations is out of date.
                Ledger.change(dir, ledger -> {
                    new Authority(dir).revocations();
                    lists().reload();
                    return "";
                });
            }
        }
    }

    private void confirm(List<String> words) throws Usage, IOException {
        String gateway = one(words, "the gateway");
        String typed = SixWords.tidy(String.join(" ", words));
        words.clear();
        Ledger.change(dir, ledger -> {
            Ledger.Box box = ledger.box(gateway);
            if (!typed.equals(box.words())) {
                throw new IOException(
                        typed.isEmpty()
                                ? "add the six words that the box shows: ops/region/enrol confirm " + gateway
                                        + " WORD WORD WORD WORD WORD WORD"
                                : "these are not the words of " + gateway + "; have them read again. If they still"
                                        + " differ this is another box: ops/region/enrol revoke " + gateway);
            }
            if (box.state() == Policy.State.REVOKED) {
                throw new IOException(gateway + " was revoked; it needs a new token");
            }
            ledger.put(box.in(Policy.State.GOOD));
            lists().make(ledger);
            return "";
        });
        out.println(gateway + " confirmed; the box sees it when it asks next");
    }

    private void revoke(List<String> words) throws Usage, IOException {
        String gateway = one(words, "the gateway");
        end(words);
        Lists lists = lists();
        List<String> problems = new ArrayList<>();
        Ledger.change(dir, ledger -> {
            ledger.put(ledger.box(gateway).in(Policy.State.REVOKED));
            ledger.write();
            new Authority(dir).revoke(gateway);
            // First it is thrown out, then its rights go: without them its will, "offline", would not be published.
            lists.reload();
            problems.addAll(lists.kick(gateway));
            lists.make(ledger);
            return "";
        });
        out.println(gateway + " revoked: out of the rights, in ca.crl, thrown out of the broker");
        if (!problems.isEmpty()) {
            throw new IOException("but " + String.join("; ", problems) + "; correct it, then revoke again");
        }
    }

    private void makeLists(List<String> words) throws Usage, IOException {
        end(words);
        Ledger.change(dir, ledger -> {
            lists().make(ledger);
            return "";
        });
        out.println("made " + dir.resolve("lists"));
    }

    private void list(List<String> words) throws Usage, IOException {
        end(words);
        Settings.read(dir);
        List<Ledger.Box> boxes = Ledger.change(dir, Ledger::boxes);
        for (Ledger.Box box : boxes) {
            out.printf(
                    "%-20s %-20s %-10s until %s  %s%n",
                    box.gateway(),
                    box.site(),
                    box.state().name().toLowerCase(java.util.Locale.ROOT),
                    Instant.ofEpochMilli(box.untilMs()),
                    box.words());
        }
        if (boxes.isEmpty()) {
            out.println("no box is enrolled in " + (Files.exists(dir) ? dir : "no folder"));
        }
    }
}
