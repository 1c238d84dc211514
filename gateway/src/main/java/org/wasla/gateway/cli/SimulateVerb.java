package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.simulator.LineFault;
import org.wasla.gateway.simulator.SimulatedDevice;
import org.wasla.gateway.simulator.Simulator;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla simulate}: a device that is not there. */
@Command(name = "simulate", description = "Speaks as a device does, by the simulator block of its profile.")
final class SimulateVerb implements Callable<Integer> {
    private final Workshop workshop;

    @Mixin
    Shared shared = new Shared();

    @Parameters(paramLabel = "PROFILE", description = "The device profile: an id, or the path of its folder.")
    String profile = "";

    @ArgGroup(exclusive = true, multiplicity = "1")
    Line line = new Line();

    @Option(names = "--rate", paramLabel = "X", description = "How many times faster than the device (default 1).")
    double rate = 1;

    @Option(
            names = "--fault",
            paramLabel = "FAULT",
            split = ",",
            description = "checksum, cut, silence, garbage, slow or unplug; may be given more than once.")
    List<String> faults = List.of();

    @Option(names = "--seconds", paramLabel = "N", description = "Ends after this time (default: never).")
    long seconds;

    /** Where to speak. */
    static final class Line {
        @Option(names = "--serial", paramLabel = "PATH", description = "A serial port.")
        @Nullable
        String serial;

        @Option(names = "--pty", paramLabel = "LINK", description = "A new pseudo-terminal, whose path stands at LINK.")
        @Nullable
        Path pty;

        @Option(names = "--listen", paramLabel = "PORT", description = "A TCP port that the agent connects to.")
        int listen;

        @Option(names = "--tcp", paramLabel = "HOST:PORT", description = "A TCP port that the agent listens on.")
        @Nullable
        String tcp;
    }

    SimulateVerb(Workshop workshop) {
        this.workshop = workshop;
    }

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        Profile read = Shared.profile(shared.store(), profile);
        Simulator spec = read.simulator();
        if (spec == null) {
            throw new Failure(2, "the profile " + read.id() + " has no simulator block; add one to its profile.yaml");
        }
        // NaN too is outside.
        if (!(rate >= 0.01 && rate <= 1000)) {
            throw new Failure(2, "--rate is " + rate + "; write 0.01 to 1000");
        }
        if (seconds < 0) {
            throw new Failure(2, "--seconds is " + seconds + "; write how many, or leave it out");
        }
        SimulatedDevice.Opener opener = opener(read);
        if (line.tcp == null) {
            // A line of this computer is there or is not; an agent may begin to listen later.
            opener.open().close();
        }
        SimulatedDevice device = new SimulatedDevice(read.id(), opener, spec, faults(), rate, System.nanoTime());
        Stop stop = Stop.onSignal();
        device.start();
        System.err.println("simulating " + read.id() + " on " + where() + "; Ctrl-C stops it");
        if (seconds > 0) {
            stop.await(TimeUnit.SECONDS.toMillis(seconds));
        } else {
            stop.await();
        }
        device.close();
        System.err.println(device.sent() + " messages sent"
                + (device.lastError().isEmpty() ? "" : "; the line was lost: " + device.lastError()));
        return stop.finished(0);
    }

    private String where() {
        if (line.pty != null) {
            return line.pty.toString();
        }
        if (line.serial != null) {
            return line.serial;
        }
        return line.tcp != null ? line.tcp : "port " + line.listen;
    }

    private SimulatedDevice.Opener opener(Profile read) throws Failure {
        Path pty = line.pty;
        if (pty != null) {
            return () -> workshop.openPty(pty);
        }
        try {
            LinkSettings settings;
            if (line.serial != null) {
                String usual = read.serialTries().isEmpty()
                        ? "9600 8N1"
                        : read.serialTries().get(0);
                settings = SerialSettings.of(line.serial, usual, read.flow(), false);
            } else if (line.tcp != null) {
                settings = LinkSettings.parse("tcp:" + line.tcp);
            } else {
                settings = LinkSettings.parse("listen:" + line.listen);
            }
            return settings::open;
        } catch (IllegalArgumentException wrong) {
            throw new Failure(2, String.valueOf(wrong.getMessage()));
        }
    }

    private Set<LineFault> faults() throws Failure {
        Set<LineFault> set = EnumSet.noneOf(LineFault.class);
        for (String fault : faults) {
            try {
                set.add(LineFault.valueOf(fault.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException unknown) {
                throw new Failure(2, "no fault '" + fault + "'; write checksum, cut, silence, garbage, slow or unplug");
            }
        }
        return set;
    }
}
