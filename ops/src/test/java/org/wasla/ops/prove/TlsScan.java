package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What sslscan, which knows nothing of us, found a listener to speak. Immutable.
 *
 * @param protocols those that it takes, such as {@code TLSv1.3}
 * @param ciphers those that it takes, each behind its protocol
 * @param others what else sslscan says in one word or two
 */
record TlsScan(Set<String> protocols, Set<String> ciphers, List<String> others) {
    private static final Pattern PROTOCOL =
            Pattern.compile("<protocol type=\"(\\w+)\" version=\"([0-9.]+)\" enabled=\"1\"");
    private static final Pattern CIPHER =
            Pattern.compile("<cipher status=\"\\w+\" sslversion=\"([^\"]+)\" bits=\"(\\d+)\" cipher=\"([^\"]+)\"");
    private static final Pattern COMPRESSION = Pattern.compile("<compression supported=\"(\\d)\"");
    private static final Pattern RENEGOTIATION = Pattern.compile("<renegotiation supported=\"(\\d)\" secure=\"(\\d)\"");
    private static final Pattern HEARTBLEED = Pattern.compile("<heartbleed [^>]*vulnerable=\"1\"");
    /** No secret, no proof of who it is, broken, or without a key that is forgotten after the connection. */
    private static final Pattern WEAK =
            Pattern.compile("NULL|ADH|AECDH|anon|EXP|RC4|RC2|DES|MD5|IDEA|SEED|PSK|SRP|^TLSv1\\.2 (?!ECDHE|DHE|TLS_)");

    private static final int BITS_MIN = 128;

    TlsScan {
        protocols = Set.copyOf(protocols);
        ciphers = Set.copyOf(ciphers);
        others = List.copyOf(others);
    }

    /** @param options further ones of sslscan */
    static TlsScan of(Path folder, int port, String... options) throws IOException, InterruptedException {
        Path xml = folder.resolve("sslscan-" + port + ".xml");
        List<Object> command = new ArrayList<>(List.of("sslscan", "--no-colour", "--no-groups", "--xml=" + xml));
        command.addAll(List.of(options));
        command.add("127.0.0.1:" + port);
        Shell.run(command.toArray());
        return read(Files.readString(xml));
    }

    static TlsScan read(String xml) {
        Set<String> protocols = new TreeSet<>();
        Matcher protocol = PROTOCOL.matcher(xml);
        while (protocol.find()) {
            protocols.add((protocol.group(1).equals("tls") ? "TLSv" : "SSLv") + protocol.group(2));
        }
        Set<String> ciphers = new TreeSet<>();
        List<String> others = new ArrayList<>();
        Matcher cipher = CIPHER.matcher(xml);
        while (cipher.find()) {
            ciphers.add(cipher.group(1) + " " + cipher.group(3));
            if (Integer.parseInt(cipher.group(2)) < BITS_MIN) {
                others.add(cipher.group(3) + " has " + cipher.group(2) + " bits");
            }
        }
        Matcher compression = COMPRESSION.matcher(xml);
        if (compression.find() && !compression.group(1).equals("0")) {
            others.add("compresses");
        }
        Matcher renegotiation = RENEGOTIATION.matcher(xml);
        if (renegotiation.find()
                && renegotiation.group(1).equals("1")
                && renegotiation.group(2).equals("0")) {
            others.add("renegotiates insecurely");
        }
        if (HEARTBLEED.matcher(xml).find()) {
            others.add("has Heartbleed");
        }
        return new TlsScan(protocols, ciphers, others);
    }

    /** What is wrong with the listener; empty: nothing that we know of. */
    List<String> faults() {
        List<String> faults = new ArrayList<>(others);
        if (protocols.isEmpty()) {
            faults.add("speaks no TLS at all");
        }
        for (String each : new TreeSet<>(protocols)) {
            if (!each.equals("TLSv1.2") && !each.equals("TLSv1.3")) {
                faults.add("speaks " + each);
            }
        }
        for (String each : new TreeSet<>(ciphers)) {
            if (WEAK.matcher(each).find()) {
                faults.add("takes " + each);
            }
        }
        return faults;
    }
}
