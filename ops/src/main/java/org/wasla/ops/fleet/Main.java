package org.wasla.ops.fleet;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ops/region/fleet}: simulates gateways against a broker and tells what it bears. */
@Command(
        name = "ops/region/fleet",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Thousands of gateways, each two MQTT 5 sessions with will, birth and ward traffic, against the brokers of",
            "ops/region/cluster (started before, or by --measure) or against others (--url). Prints a Markdown table.",
            "Ends with 1 when something was lost, or the brokers did not keep up."
        })
public final class Main implements Callable<Integer> {
    private static final int GATEWAYS_MAX = 50_000;
    private static final int SECONDS_MAX = 3_600;
    private static final Path ROOT = Path.of(System.getProperty("wasla.root", "."));
    private static final Path CLUSTER = ROOT.resolve("ops/region/cluster");

    @Option(names = "--dir", paramLabel = "D", description = "The folder of ops/region/cluster (its default).")
    Path folder = ROOT.resolve("ops/target/cluster");

    @Option(names = "--url", paramLabel = "URL", description = "A broker instead, mqtt://HOST:PORT; repeat for a pair.")
    List<URI> urls = List.of();

    @Option(names = "--gateways", paramLabel = "N", description = "How many, 1 to 50000 (default: ${DEFAULT-VALUE}).")
    int gateways = 1_000;

    @Option(names = "--devices", paramLabel = "D", description = "Of each, 1 to 16 (default: ${DEFAULT-VALUE}).")
    int devices = 4;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Sets of twelve values a second of each device, 0.01 to 10 (default: ${DEFAULT-VALUE}).")
    double rate = 1;

    @Option(
            names = "--batch",
            paramLabel = "S",
            description = "Sets in one message, as uplink.batch gathers them: 1 to 60 (default: ${DEFAULT-VALUE}).")
    int batch = 5;

    @Option(names = "--seconds", paramLabel = "S", description = "How long, 1 to 3600 (default: ${DEFAULT-VALUE}).")
    int seconds = 20;

    @Option(
            names = "--outage",
            paramLabel = "S",
            description = "Then the network of all gateways goes for so long, 1 to 600 s, and comes back.")
    int outage;

    @Option(names = "--no-jitter", description = "To compare: all wait equally long before they connect again.")
    boolean noJitter;

    @Option(
            names = "--measure",
            description =
                    "Starts pair and mosquitto by turns, raises the load by steps, cuts the network; under 8 minutes.")
    boolean measure;

    /** @param args see {@code --help} */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            System.err.println(failure.getMessage());
            return failure instanceof IllegalArgumentException ? 2 : 1;
        });
        System.exit(line.execute(args));
    }

    @Override
    public Integer call() throws IOException {
        check("--gateways", gateways, 1, GATEWAYS_MAX);
        check("--devices", devices, 1, 16);
        check("--batch", batch, 1, 60);
        check("--seconds", seconds, 1, SECONDS_MAX);
        check("--outage", outage, 0, 600);
        if (!(rate >= 0.01 && rate <= 10)) {
            throw new IllegalArgumentException("--rate is " + rate + "; write 0.01 to 10");
        }
        if (measure) {
            return new Measure(CLUSTER, ROOT.resolve("ops/target/fleet"), gateways).run() ? 0 : 1;
        }
        Brokers brokers = urls.isEmpty() ? Brokers.of(CLUSTER, folder) : Brokers.at(urls);
        return run(brokers) ? 0 : 1;
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; write " + least + " to " + most);
        }
    }

    private boolean run(Brokers brokers) throws IOException {
        Limits.check(gateways, brokers.pids());
        Region region = new Region(brokers.servers());
        try (Fleet fleet = new Fleet(region, gateways, devices, batch)) {
            boolean holds = connect(fleet, region, brokers);
            System.out.println(Step.HEAD);
            holds &= new Step(fleet, region.meters(), brokers.pids()).run(gateways * devices * rate / batch, seconds);
            if (outage > 0) {
                double back = fleet.outage(outage, !noJitter, 300);
                System.out.printf(
                        Locale.ROOT,
                        "%nNetwork back after %d s, %s: all %,d sessions there in %.1f s, %,d connects in the fullest second%n",
                        outage,
                        noJitter ? "without jitter" : "full jitter",
                        fleet.lines(),
                        back,
                        region.meters().mostConnects.get());
                holds &= !Double.isNaN(back);
            }
            fleet.rate(0);
            return Ending.tell(region.meters()) && holds;
        }
    }

    private static boolean connect(Fleet fleet, Region region, Brokers brokers) {
        long startNs = System.nanoTime();
        boolean allUp = fleet.open(120);
        System.out.printf(
                Locale.ROOT,
                "%,d of %,d sessions in %.1f s; brokers together %d MB%n%n",
                region.meters().sessions.get(),
                fleet.lines(),
                (System.nanoTime() - startNs) / 1e9,
                ProcStat.of(brokers.pids()).residentBytes() >> 20);
        if (!allUp) {
            System.out.println("not all came to be: " + region.meters().causes() + "\n");
        }
        return allUp;
    }
}
