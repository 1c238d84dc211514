package org.wasla.gateway.cli;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.wasla.gateway.page.PageServer;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.page.Pins;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla page show}: what whoever stands before a new box needs to get to its page. */
@Command(
        name = "show",
        description = {
            "Tells where the page is, how to get there from a laptop, and what its certificate looks like.",
            "As root also the first PIN, as long as it was not replaced."
        })
final class PageShow implements Callable<Integer> {
    @Mixin
    Shared shared = new Shared();

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration; /etc/wasla/wasla.yaml.")
    Path file = Path.of("/etc/wasla/wasla.yaml");

    @Override
    public Integer call() throws Failure, IOException {
        PageSettings page = CheckVerb.read(file, shared).page();
        if (page == null) {
            throw new Failure(1, "wasla: there is no page; add 'page: {}' to " + file + ", and start the agent anew");
        }
        if (page.isLocal()) {
            tell("page", url(page, page.host()) + ", for this box alone");
            tell(
                    "from a laptop",
                    "ssh -N -L " + page.port() + ":" + url(page, page.host()).replaceFirst(".*//", "")
                            + " USER@BOX, then " + url(page, "localhost"));
            tell("", "or open it to the ward's network: sudo wasla page open");
        } else {
            String title = "page";
            for (String host : hosts(page)) {
                tell(title, url(page, host));
                title = "";
            }
        }
        if (page.tls() != null) {
            tell("certificate", certificate(page.tls()));
        }
        pin(page);
        return 0;
    }

    private static void tell(String title, String text) {
        System.out.println(String.format("%-14s%s", title, text));
    }

    private static String url(PageSettings page, String host) {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return (page.tls() == null ? "http" : "https") + "://" + shown + ":" + page.port();
    }

    /** What a browser in the network may call the box. */
    private static List<String> hosts(PageSettings page) throws IOException {
        List<String> hosts = new ArrayList<>(page.names());
        if (!InetAddress.getByName(page.host()).isAnyLocalAddress()) {
            hosts.add(page.host());
            return hosts;
        }
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(each.getInetAddresses())) {
                if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
                    hosts.add(address.getHostAddress());
                }
            }
        }
        if (hosts.isEmpty()) {
            hosts.add(page.host());
        }
        return hosts;
    }

    private static String certificate(PageSettings.Tls tls) throws IOException {
        String sha256 = PageServer.sha256(tls);
        return sha256.isEmpty()
                ? "made when the agent starts: sudo systemctl restart wasla, then ask again"
                : "SHA-256 " + sha256.replaceAll("(..)(?=.)", "$1:");
    }

    private static void pin(PageSettings page) throws IOException {
        Path pins = page.pin();
        if (pins == null) {
            tell("PIN", "none: whoever is on this box may change");
            return;
        }
        Path first = Pins.first(pins);
        String anew = "wasla page pin --file " + pins;
        if (Files.isReadable(first)) {
            tell("PIN", Files.readString(first).strip() + " of the installer; to choose another: sudo " + anew);
        } else if (Files.exists(first)) {
            tell("PIN", "the first one is told to root: sudo wasla page show");
        } else {
            tell("PIN", "as somebody chose it; forgotten: sudo " + anew);
        }
    }
}
